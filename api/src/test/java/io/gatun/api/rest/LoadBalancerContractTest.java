package io.gatun.api.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.api.testkit.Api;
import io.gatun.api.testkit.Bodies;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadBalancerContractTest {
    private static final String LB = "/config/loadbalancer";
    private static final String SUCCESS = "{\"result\":\"Success\"}";
    private static final ServiceKey WEB = ServiceKey.of(InetAddress.ofLiteral("192.168.80.200"), Protocol.TCP, 80);

    @TempDir
    Path directory;

    private Api api;

    @BeforeEach
    void start() {
        api = Api.start(directory);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void bodyOfKubeLoxilbBecomesService() {
        assertSuccess(api.post(LB, Bodies.KUBE_LOXILB));
        ServiceSpec spec = api.forwarder().spec(WEB);
        assertEquals(NatMode.DNAT, spec.mode());
        assertEquals(1800, spec.idleTimeoutS());
        assertEquals("default_web:llb-inst0", spec.name());
        assertEquals(31234, spec.endpoints().getFirst().port());
        assertTrue(api.dataPlane().journal().contains("vips [192.168.80.200=llb-inst0]"));
    }

    @Test
    void bodyOfLoxicmdBecomesServiceWithDefaultsAndSortedEndpoints() {
        assertSuccess(api.post(LB, Bodies.LOXICMD));
        ServiceSpec spec = api.forwarder().spec(WEB);
        assertEquals(NatMode.ONE_ARM, spec.mode());
        assertEquals(240, spec.idleTimeoutS());
        assertEquals(
                List.of("192.168.80.11", "192.168.81.11", "192.168.80.12"),
                spec.endpoints().stream().map(e -> e.address().getHostAddress()).toList());
    }

    @Test
    void udpForgetsAfterTwentySeconds() {
        assertSuccess(api.post(LB, Bodies.with("\"tcp\"", "\"udp\"")));
        ServiceKey dns = ServiceKey.of(WEB.vip(), Protocol.UDP, 80);
        assertEquals(20, api.forwarder().spec(dns).idleTimeoutS());
    }

    @Test
    void listHasShapeAndTypesOfTheContract() {
        api.post(LB, Bodies.LOXICMD);
        HttpResponse<String> response = api.get(LB + "/all");
        assertEquals(
                "application/json",
                response.headers().firstValue("Content-Type").orElseThrow());
        JsonNode rule = Api.json(response).get("lbAttr").get(0);
        JsonNode arguments = rule.get("serviceArguments");
        assertEquals("192.168.80.200", arguments.get("externalIP").asText());
        assertTrue(arguments.get("port").isInt());
        assertTrue(arguments.get("monitor").isBoolean());
        assertEquals(1, arguments.get("mode").asInt());
        assertEquals(240, arguments.get("inactiveTimeOut").asInt());
        for (String zero : List.of("sel", "block", "name", "portMax", "bgp", "security", "oper", "host", "egress")) {
            assertFalse(arguments.has(zero), zero);
        }
        assertTrue(rule.get("secondaryIPs").isNull());
        assertTrue(rule.get("allowedSources").isNull());
        assertTrue(rule.get("survivesTakeover").asBoolean());
        JsonNode endpoint = rule.get("endpoints").get(0);
        assertEquals("active", endpoint.get("state").asText());
        assertEquals("3:180", endpoint.get("counter").asText());
        assertTrue(endpoint.get("weight").isInt());
        assertTrue(endpoint.get("targetPort").isInt());
    }

    @Test
    void identicalPostIsRefusedAndChangedOneReplacesInPlace() {
        api.post(LB, Bodies.LOXICMD);
        HttpResponse<String> again = api.post(LB, Bodies.LOXICMD);
        assertEquals(409, again.statusCode());
        JsonNode error = Api.json(again);
        assertEquals("lbrule-exists error", error.get("result").asText());
        assertEquals("lbrule-exists error", error.get("message").asText());
        assertEquals(409, error.get("code").asInt());
        assertTrue(error.get("fields").isNull());

        assertSuccess(api.post(LB, Bodies.with("192.168.80.12", "192.168.80.13")));
        assertEquals(1, api.rules().size());
        assertEquals(
                "192.168.80.13",
                api.forwarder().spec(WEB).endpoints().getLast().address().getHostAddress());
        assertFalse(api.dataPlane().journal().contains("remove " + WEB));
    }

    @Test
    void attachAddsAndDetachRemovesEndpoints() {
        api.post(LB, Bodies.KUBE_LOXILB);
        String attach = Bodies.with("\"oper\":0", "\"oper\":1");
        assertSuccess(api.post(LB, attach));
        assertEquals(4, api.forwarder().spec(WEB).endpoints().size());
        assertEquals(1800, api.forwarder().spec(WEB).idleTimeoutS());
        String detach = Bodies.with("\"oper\":0", "\"oper\":2");
        assertSuccess(api.post(LB, detach));
        assertEquals(1, api.forwarder().spec(WEB).endpoints().size());
        assertSuccess(api.post(LB, detach));
        assertSuccess(api.post(LB, Bodies.KUBE_LOXILB.replace("\"managed\":true", "\"managed\":true,\"oper\":2")));
        assertNull(api.forwarder().spec(WEB));
        HttpResponse<String> missing = api.post(LB, detach);
        assertEquals(404, missing.statusCode());
        assertEquals("lbrule not-exists error", Api.json(missing).get("result").asText());
    }

    @Test
    void deleteTakesEveryPathFormAndIsIdempotent() {
        String one = "/externalipaddress/192.168.80.200/port/80";
        for (String path : List.of(
                one + "/protocol/tcp?bgp=false&block=0",
                one + "/portmax/0/protocol/tcp",
                "/hosturl/any" + one + "/protocol/tcp",
                "/hosturl/any" + one + "/portmax/0/protocol/tcp?bgp=false&block=0",
                "/name/default_web:llb-inst0",
                "/all")) {
            assertSuccess(api.post(LB, Bodies.KUBE_LOXILB));
            assertSuccess(api.delete(LB + path, Bodies.KUBE_LOXILB));
            assertEquals(0, api.rules().size(), path);
            assertNull(api.forwarder().spec(WEB), path);
            assertSuccess(api.delete(LB + path));
        }
    }

    @Test
    void deleteOfOtherBlockOrHostLeavesRule() {
        api.post(LB, Bodies.KUBE_LOXILB);
        String one = "/externalipaddress/192.168.80.200/port/80";
        assertSuccess(api.delete(LB + one + "/protocol/tcp?block=4294967295"));
        assertSuccess(api.delete(LB + "/hosturl/a.example" + one + "/protocol/tcp"));
        assertSuccess(api.delete(LB + one + "/protocol/udp"));
        assertEquals(1, api.rules().size());
    }

    @Test
    void vipIsWithdrawnBeforeItsServiceGoes() {
        api.post(LB, Bodies.KUBE_LOXILB);
        api.delete(LB + "/all");
        List<String> journal = api.dataPlane().journal();
        assertEquals(List.of("vips []", "remove " + WEB), journal.subList(journal.size() - 2, journal.size()));
    }

    @Test
    void namesOfForeignVipsAreNotAnnounced() {
        api.post(LB, Bodies.KUBE_LOXILB.replace("default_web", "ipvs_web"));
        assertEquals("vips []", api.dataPlane().journal().getLast());
    }

    @Test
    void refusalOfTheForwarderChangesNothing() {
        api.post(LB, Bodies.KUBE_LOXILB);
        ServiceSpec before = api.forwarder().spec(WEB);
        api.forwarder()
                .reject(RejectedException.invalid(
                        "endpoints[0].endpointIP", "10.9.9.9", "add a route to it on this node"));
        HttpResponse<String> response = api.post(LB, Bodies.LOXICMD);
        assertEquals(400, response.statusCode());
        assertEquals(
                "endpoints[0].endpointIP=10.9.9.9, add a route to it on this node",
                Api.json(response).get("result").asText());
        assertEquals(before, api.forwarder().spec(WEB));
        assertEquals(1, api.rules().get(0).get("endpoints").size());
    }

    private static void assertSuccess(HttpResponse<String> response) {
        assertEquals(SUCCESS, response.body());
        assertEquals(200, response.statusCode());
    }
}
