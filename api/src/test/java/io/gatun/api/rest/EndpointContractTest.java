package io.gatun.api.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.api.testkit.Api;
import io.gatun.api.testkit.Bodies;
import io.gatun.api.testkit.FakeDataPlane;
import io.gatun.forwarder.control.EndpointHealth;
import io.gatun.forwarder.control.EndpointSignals;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.ha.health.ProbeTarget;
import io.gatun.ha.health.ProbeType;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code config/endpoint}, {@code config/endpointhoststate} and the probes of rules: contract sections 2 and 3.5. */
class EndpointContractTest {
    private static final long PATIENCE_S = 30;
    private static final String SUCCESS = "{\"result\":\"Success\"}";
    private static final String EP = "192.168.80.11";
    /** As loxicmd sends it. */
    private static final String LOXICMD = """
            {"hostName":"192.168.80.11","name":"web1","inactiveReTries":3,"probeType":"tcp","probeReq":"",
             "probeResp":"","probeDuration":10,"probePort":8080}
            """;

    private static final String FAST =
            Bodies.with("\"oper\":0", "\"oper\":0,\"probetype\":\"tcp\",\"probeIntervalMs\":100");

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
    void anEndpointIsMadeShownChangedAndDeleted() throws Exception {
        assertEquals(SUCCESS, api.post("/config/endpoint", LOXICMD).body());
        assertEquals(
                new ProbeTarget(InetAddress.ofLiteral(EP), ProbeType.TCP, 8080, "", ""),
                api.dataPlane().prober().asked().poll(PATIENCE_S, TimeUnit.SECONDS));

        JsonNode row = row("web1");
        assertEquals(EP, row.get("hostName").asText());
        assertEquals(3, row.get("inactiveReTries").asInt());
        assertEquals("tcp", row.get("probeType").asText());
        assertEquals(10, row.get("probeDuration").asInt());
        assertEquals(8080, row.get("probePort").asInt());
        assertEquals("ok", row.get("currState").asText());

        assertEquals(
                SUCCESS,
                api.post("/config/endpoint", LOXICMD.replace(":10,", ":20,")).body());
        assertEquals(20, row("web1").get("probeDuration").asInt());
        assertEquals(1, rows().size());

        String path = "/config/endpoint/epipaddress/" + EP + "?name=web1&probe_type=tcp&probe_port=8080";
        assertEquals(SUCCESS, api.delete(path).body());
        assertEquals(0, rows().size());
        HttpResponse<String> again = api.delete(path);
        assertEquals(404, again.statusCode());
        assertTrue(Api.json(again).get("result").asText().startsWith("host-notfound"), again.body());
    }

    @Test
    void theDefaultsAreThoseOfTheContract() {
        api.post("/config/endpoint", "{\"hostName\":\"192.168.80.11\"}");

        JsonNode row = row("192.168.80.11_ping_0");
        assertEquals("ping", row.get("probeType").asText());
        assertEquals(2, row.get("inactiveReTries").asInt());
        assertEquals(60, row.get("probeDuration").asInt());
    }

    @Test
    void delaysAreShownOnceThereWasAnAnswer() throws Exception {
        api.post("/config/endpoint", LOXICMD.replace("\"probeDuration\":10", "\"probeIntervalMs\":100"));
        for (int i = 0; i < 3; i++) {
            api.dataPlane().prober().asked().poll(PATIENCE_S, TimeUnit.SECONDS);
        }

        JsonNode row = row("web1");
        for (String delay : new String[] {"minDelay", "avgDelay", "maxDelay"}) {
            assertEquals("1.235ms", row.get(delay).asText());
        }
    }

    @Test
    void anEndpointOfARuleIsNotDeleted() {
        api.post("/config/loadbalancer", Bodies.LOXICMD);

        HttpResponse<String> response = api.delete("/config/endpoint/epipaddress/" + EP);

        assertEquals(409, response.statusCode());
        String result = Api.json(response).get("result").asText();
        assertTrue(result.startsWith("LB Rule-referred"), result);
        assertFalse(result.contains("exist"), "kube-loxilb takes that for success");
    }

    @Test
    void aRuleThatMonitorsLosesADeadEndpointAndGetsItBack() throws Exception {
        api.post("/config/loadbalancer", FAST);
        api.dataPlane().prober().kill(EP);
        EndpointHealth down = api.forwarder().health().poll(PATIENCE_S, TimeUnit.SECONDS);
        assertFalse(down.healthy());
        assertEquals("inactive", ruleState());
        JsonNode row = row("192.168.80.11_tcp_8080");
        assertEquals("nok", row.get("currState").asText());
        assertEquals("connection refused", row.get("reason").asText());

        api.dataPlane().prober().revive(EP);
        assertTrue(api.forwarder().health().poll(PATIENCE_S, TimeUnit.SECONDS).healthy());
        assertEquals("active", ruleState());
    }

    @Test
    void aProbetypeMeansMonitorAndComesBackWithTheRule() {
        String probe = "\"Monitor\":false,\"probetype\":\"https\",\"probeport\":8443,\"probereq\":\"/healthz\","
                + "\"proberesp\":\"fine\",\"probeTimeout\":5,\"probeRetries\":3,\"probeRise\":2,\"probeTimeoutMs\":250";
        assertEquals(
                SUCCESS,
                api.post("/config/loadbalancer", Bodies.with("\"Monitor\":true", probe))
                        .body());

        JsonNode arguments = api.rules().get(0).get("serviceArguments");
        assertTrue(arguments.get("monitor").asBoolean());
        assertEquals("https", arguments.get("probetype").asText());
        assertEquals(250, arguments.get("probeTimeoutMs").asInt());
        JsonNode row = row("192.168.80.11_https_8443");
        assertEquals("/healthz", row.get("probeReq").asText());
        assertEquals("fine", row.get("probeResp").asText());
        assertEquals(5, row.get("probeDuration").asInt());
        assertEquals(3, row.get("inactiveReTries").asInt());
    }

    @Test
    void probesEndpointsAndWhatWasSaidOfThemSurviveARestart() throws Exception {
        api.post("/config/loadbalancer", FAST);
        api.post("/config/endpoint", LOXICMD);
        say(EP, "red");
        assertFalse(api.forwarder().health().poll(PATIENCE_S, TimeUnit.SECONDS).healthy());
        api.close();

        FakeDataPlane next = new FakeDataPlane();
        api = Api.start(directory, next);

        assertFalse(next.forwarder().health().poll(PATIENCE_S, TimeUnit.SECONDS).healthy());
        assertEquals("red", row("web1").get("currState").asText());
        assertEquals(10, row("web1").get("probeDuration").asInt(), "the endpoint's pace, not the rule's");
    }

    @Test
    void redIsDownUntilGreen() throws Exception {
        api.post("/config/loadbalancer", Bodies.LOXICMD);
        say(EP, "red");
        assertFalse(api.forwarder().health().poll(PATIENCE_S, TimeUnit.SECONDS).healthy());
        assertEquals("red", row("192.168.80.11_tcp_8080").get("currState").asText());

        say(EP, "green");
        assertTrue(api.forwarder().health().poll(PATIENCE_S, TimeUnit.SECONDS).healthy());
        assertEquals("ok", row("192.168.80.11_tcp_8080").get("currState").asText());
    }

    @Test
    void redOfOnePortConcernsNoOther() {
        api.post("/config/loadbalancer", Bodies.LOXICMD);
        api.post(
                "/config/endpointhoststate",
                "{\"hostName\":\"" + EP + "\",\"epPort\":9,\"epProto\":\"tcp\",\"state\":\"red\"}");

        assertEquals("ok", row("192.168.80.11_tcp_8080").get("currState").asText());
        assertNull(api.forwarder().health().poll());
    }

    @Test
    void probesAndPacketsAreShownBesideEachOther() throws Exception {
        api.post("/config/loadbalancer", FAST.replaceFirst("\"weight\":1", "\"weight\":0"));
        ServiceKey rule = ServiceKey.of(InetAddress.ofLiteral("192.168.80.200"), Protocol.TCP, 80);
        api.forwarder().signal(new EndpointSignals(rule, InetAddress.ofLiteral(EP), 8080, 1, 2, 3, 4, false));
        api.forwarder()
                .signal(new EndpointSignals(rule, InetAddress.ofLiteral("192.168.80.12"), 8080, 0, 0, 0, 0, true));
        api.dataPlane().prober().kill(EP);
        assertFalse(api.forwarder().health().poll(PATIENCE_S, TimeUnit.SECONDS).healthy());

        JsonNode rows = Api.json(api.getOwn("/health")).get("endpoints");

        assertEquals(
                "{\"rule\":\"tcp 192.168.80.200:80\",\"endpoint\":\"192.168.80.11:8080\",\"weight\":1,\"active\":false,"
                        + "\"probe\":\"nok\",\"reason\":\"connection refused\",\"ejected\":false,\"refused\":1,"
                        + "\"unreachable\":2,\"unanswered\":3,\"connections\":1}",
                rows.get(0).toString());
        assertEquals("192.168.80.12:8080", rows.get(2).get("endpoint").asText());
        assertTrue(rows.get(2).get("drained").asBoolean());
        assertEquals("ok", rows.get(2).get("probe").asText());
    }

    @Test
    void whatCannotBeProbedIsRefused() {
        refused("\"probePort\":8080", "\"probePort\":0", "probePort=0");
        refused("\"probePort\":8080", "\"probePort\":70000", "probePort=70000");
        refused("\"probeType\":\"tcp\"", "\"probeType\":\"gopher\"", "probeType=gopher");
        refused("\"probeType\":\"tcp\"", "\"probeType\":\"ping\"", "probePort=8080");
        refused("\"inactiveReTries\":3", "\"inactiveReTries\":101", "inactiveReTries=101");
        refused("\"probeDuration\":10", "\"probeDuration\":86401", "probeDuration=86401");
        refused("\"probeDuration\":10", "\"probeIntervalMs\":99", "probeIntervalMs=99");
        refused(EP, "endpoint.example", "hostName=endpoint.example");
        assertEquals(422, api.post("/config/endpoint", "{}").statusCode());
        assertEquals(
                400,
                api.post("/config/endpointhoststate", "{\"hostName\":\"" + EP + "\"}")
                        .statusCode());
    }

    private void refused(String from, String to, String named) {
        assertTrue(LOXICMD.contains(from), from);
        HttpResponse<String> response = api.post("/config/endpoint", LOXICMD.replace(from, to));
        assertEquals(400, response.statusCode(), response.body());
        assertTrue(Api.json(response).get("result").asText().contains(named), response.body());
        assertEquals(0, rows().size());
    }

    private void say(String host, String state) {
        assertEquals(
                SUCCESS,
                api.post("/config/endpointhoststate", "{\"hostName\":\"" + host + "\",\"state\":\"" + state + "\"}")
                        .body());
    }

    private String ruleState() {
        return api.rules().get(0).get("endpoints").get(0).get("state").asText();
    }

    private JsonNode rows() {
        return Api.json(api.get("/config/endpoint/all")).get("Attr");
    }

    private JsonNode row(String name) {
        for (JsonNode row : rows()) {
            if (row.get("name").asText().equals(name)) {
                return row;
            }
        }
        throw new AssertionError(name + " is not in " + rows());
    }
}
