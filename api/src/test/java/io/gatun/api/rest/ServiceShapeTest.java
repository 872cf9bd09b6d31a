package io.gatun.api.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.api.testkit.Api;
import io.gatun.api.testkit.RuleBody;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.Selection;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.control.SourcePrefix;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Protocols, families, port ranges, modes and sources: which of them go together, and what becomes of them. */
class ServiceShapeTest {
    private static final String LB = "/config/loadbalancer";
    private static final String VIP = "192.168.80.200";
    private static final String VIP6 = "2001:db8::200";
    private static final String EP = "192.168.80.11";
    private static final String EP6 = "2001:db8::11";

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

    static Stream<Arguments> refusals() {
        RuleBody web = RuleBody.of(VIP, "tcp", 80).endpoint(EP, 8080);
        RuleBody web6 = RuleBody.of(VIP6, "tcp", 80).endpoint(EP6, 8080);
        return Stream.of(
                refused(RuleBody.of(VIP, "tcp", 80).endpoint(EP6, 80), "malformed-service nat46 error: endpoints[0]"),
                refused(
                        web6.endpoint(EP, 8080),
                        "endpoints-range error: endpoints=192.168.80.11 and 2001:db8::11, give endpoints of one family"),
                refused(RuleBody.of("fe80::1", "tcp", 80).endpoint(EP6, 1), "externalIP=fe80::1, give the address of"),
                refused(RuleBody.of("ff02::1", "tcp", 80).endpoint(EP6, 1), "externalIP=ff02::1, give the address of"),
                refused(RuleBody.of("::1", "tcp", 80).endpoint(EP6, 1), "externalIP=::1, give the address of a host"),
                refused(RuleBody.of("::", "tcp", 80).endpoint(EP6, 1), "externalIP=::, give the address of a host"),
                refused(RuleBody.of(VIP6 + "%eth0", "tcp", 80).endpoint(EP6, 1), "externalIP=2001:db8::200%eth0, give"),
                refused(
                        RuleBody.of(VIP6, "tcp", 80).endpoint("2001:0db8:0:0::200", 80),
                        "endpoints[0].endpointIP=2001:0db8:0:0::200, give the address of a server"),
                refused(
                        web.with("portMax", 90).endpoint("192.168.80.12", -1),
                        "endpoints[1].targetPort=-1, give 1-65535, or 0 to keep the port"),
                refused(
                        RuleBody.of(VIP, "tcp", 80).endpoint(EP, 0),
                        "endpoints[0].targetPort=0, give 1-65535, 0 is for ranges of ports"),
                refused(
                        RuleBody.of(VIP, "icmp", 0).endpoint(EP, 80),
                        "endpoints[0].targetPort=80, icmp has no ports, give 0"),
                refused(
                        RuleBody.of(VIP, "icmp", 0).with("portMax", 9).endpoint(EP, 0),
                        "portMax=9, icmp has no ports, give 0"),
                refused(web.with("mode", 4), "service-args error: mode=4, Gatun is no L7 proxy"),
                refused(web.with("mode", 6), "service-args error: mode=6, give 0 (default)"),
                refused(web.with("mode", 5), "hostarm-args error: externalIP=192.168.80.200, mode 5 (hostonearm)"),
                refused(
                        RuleBody.of("0.0.0.0", "tcp", 80).endpoint(EP, 80),
                        "externalIP=0.0.0.0, give the address of a host, or mode 5 (hostonearm)"),
                refused(
                        web.with("mode", 3).with("sel", 1),
                        "endpoints[0].targetPort=8080, mode 3 (dsr) changes no ports, give port=80"),
                refused(
                        RuleBody.of(VIP6, "tcp", 80)
                                .with("mode", 3)
                                .with("sel", 1)
                                .endpoint(EP, 80),
                        "mode=3 (dsr), an IPv4 endpoint cannot answer for the IPv6 VIP 2001:db8::200"),
                refused(
                        web.with("mode", 1).with("privateIP", "\"10.0.0.9\""),
                        "privateIP=10.0.0.9, only mode 2 (fullnat) has a source of its own"),
                refused(
                        web.with("mode", 2).with("privateIP", "\"2001:db8::9\""),
                        "privateIP=2001:db8::9, give an IPv4 address as those of the endpoints are"),
                refused(
                        web6.with("mode", 2).with("privateIP", "\"10.0.0.9\""),
                        "privateIP=10.0.0.9, give an IPv6 address as those of the endpoints are"),
                refused(web.with("mode", 2).with("privateIP", "\"127.0.0.1\""), "privateIP=127.0.0.1, give the"),
                refused(
                        web.source("10.0.0.0/33"),
                        "rule-allowed-src error: allowedSources[0].prefix=10.0.0.0/33, give"),
                refused(web.source("10.0.0.0/8").source("all"), "allowedSources[1].prefix=all, give a network such as"),
                refused(web.source("10.0.0.0/"), "allowedSources[0].prefix=10.0.0.0/, give a network"),
                refused(web.source("2001:db8::/32"), "prefix=2001:db8::/32, give an IPv4 network as the VIP is"),
                refused(web6.source("10.0.0.0/8"), "prefix=10.0.0.0/8, give an IPv6 network as the VIP is"));
    }

    private static Arguments refused(RuleBody body, String sentence) {
        return Arguments.of(sentence, body.json());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void whatMakesNoSenseIsOneSentence(String sentence, String body) {
        HttpResponse<String> response = api.post(LB, body);
        String result = Api.json(response).get("result").asText();
        assertEquals(400, response.statusCode(), result);
        assertTrue(result.contains(sentence), result);
        assertFalse(result.contains("exist"), result);
        assertTrue(api.forwarder().services().isEmpty());
    }

    @Test
    void tooManySourcesAndMissingOnes() {
        RuleBody many = RuleBody.of(VIP, "tcp", 80).endpoint(EP, 80);
        for (int i = 0; i <= 1024; i++) {
            many = many.source("10.0." + i / 256 + "." + i % 256);
        }
        HttpResponse<String> response = api.post(LB, many.json());
        assertEquals(400, response.statusCode());
        assertTrue(response.body().contains("allowedSources=1025 of them, give at most 1024"), response.body());
        String missing = many.json().replace("{\"prefix\":\"10.0.0.5\"}", "{}");
        assertEquals(400, api.post(LB, missing).statusCode());
        String one = RuleBody.of(VIP, "tcp", 80).endpoint(EP, 80).source("x").json();
        assertEquals(
                422, api.post(LB, one.replace("{\"prefix\":\"x\"}", "null")).statusCode());
    }

    @Test
    void directServerReturnWithoutHashIsRefusedAsLoxilbRefusesIt() {
        HttpResponse<String> response = api.post(
                LB, RuleBody.of(VIP, "tcp", 80).with("mode", 3).endpoint(EP, 80).json());
        assertEquals(200, response.statusCode());
        assertEquals("{\"result\":\"Error: Only Hash Selection criteria allowed for DSR mode\"}", response.body());
        assertEquals(0, api.rules().size());
        assertTrue(api.forwarder().services().isEmpty());
    }

    @Test
    void idleTimeoutsFollowTheProtocol() {
        create(RuleBody.of(VIP, "sctp", 80).endpoint(EP, 80));
        create(RuleBody.of(VIP, "icmp", 0).endpoint(EP, 0));
        create(RuleBody.of(VIP, "udp", 80).endpoint(EP, 80));
        assertEquals(240, spec(VIP, Protocol.SCTP, 80, 80).idleTimeoutS());
        assertEquals(20, spec(VIP, Protocol.ICMP, 0, 0).idleTimeoutS());
        assertEquals(20, spec(VIP, Protocol.UDP, 80, 80).idleTimeoutS());
        JsonNode icmp = api.rules().get(1);
        assertFalse(icmp.get("serviceArguments").has("port"));
        assertEquals(0, icmp.get("endpoints").get(0).get("targetPort").asInt());
        assertEquals(20, icmp.get("serviceArguments").get("inactiveTimeOut").asInt());
    }

    @Test
    void rangesKeepOrReplaceThePort() {
        create(RuleBody.of(VIP, "tcp", 1000).with("portMax", 2000).endpoint(EP, 0));
        create(RuleBody.of(VIP, "udp", 1000).with("portMax", 2000).endpoint(EP, 53));
        assertEquals(
                0, spec(VIP, Protocol.TCP, 1000, 2000).endpoints().getFirst().port());
        assertEquals(
                53, spec(VIP, Protocol.UDP, 1000, 2000).endpoints().getFirst().port());
        JsonNode arguments = api.rules().get(0).get("serviceArguments");
        assertEquals(1000, arguments.get("port").asInt());
        assertEquals(2000, arguments.get("portMax").asInt());
        String path = "/externalipaddress/" + VIP + "/port/1000/portmax/2000/protocol/";
        assertEquals(200, api.delete(LB + path + "tcp").statusCode());
        assertEquals(
                200,
                api.delete(LB + "/hosturl/any" + path + "udp?bgp=false&block=0").statusCode());
        assertEquals(0, api.rules().size());
    }

    @Test
    void directServerReturnKeepsThePortHoweverItIsWritten() {
        RuleBody direct = RuleBody.of(VIP, "tcp", 80).with("mode", 3).with("sel", 1);
        create(direct.endpoint(EP, 80));
        assertEquals(409, api.post(LB, direct.endpoint(EP, 0).json()).statusCode());
        ServiceSpec spec = spec(VIP, Protocol.TCP, 80, 80);
        assertEquals(NatMode.DSR, spec.mode());
        assertEquals(Selection.HASH, spec.selection());
        assertEquals(80, spec.endpoints().getFirst().port());
        RuleBody range =
                RuleBody.of(VIP, "udp", 80).with("portMax", 90).with("mode", 3).with("sel", 1);
        create(range.endpoint(EP, 80));
        assertEquals(0, spec(VIP, Protocol.UDP, 80, 90).endpoints().getFirst().port());
    }

    @Test
    void oneSpellingOfAnAddressAndOneKey() {
        create(RuleBody.of("2001:0DB8:0:0:0:0:0:200", "tcp", 80).endpoint("2001:db8:0::0011", 8080));
        assertEquals(
                409,
                api.post(LB, RuleBody.of(VIP6, "tcp", 80).endpoint(EP6, 8080).json())
                        .statusCode());
        JsonNode rule = api.rules().get(0);
        assertEquals(VIP6, rule.get("serviceArguments").get("externalIP").asText());
        assertEquals(EP6, rule.get("endpoints").get(0).get("endpointIP").asText());
        assertTrue(api.dataPlane().journal().getLast().startsWith("vips [2001:db8"));
        assertEquals(
                200,
                api.delete(LB + "/externalipaddress/2001:DB8::0:200/port/80/protocol/tcp")
                        .statusCode());
        assertEquals(0, api.rules().size());
        create(RuleBody.of(VIP6, "tcp", 80).endpoint(EP6, 8080));
        assertEquals(
                200,
                api.delete(LB + "/hosturl/any/externalipaddress/2001%3Adb8%3A%3A200/port/80/portmax/0/protocol/tcp")
                        .statusCode());
        assertEquals(0, api.rules().size());
    }

    @Test
    void endpointsOfIpv6AreSortedFromTheLastOctet() {
        create(RuleBody.of(VIP6, "tcp", 80).endpoint("2001:db8::1:2", 1).endpoint("2001:db8::2:1", 1));
        assertEquals(
                List.of("2001:db8:0:0:0:0:2:1", "2001:db8:0:0:0:0:1:2"),
                spec(VIP6, Protocol.TCP, 80, 80).endpoints().stream()
                        .map(endpoint -> endpoint.address().getHostAddress())
                        .toList());
    }

    @Test
    void nat64HasASourceOfOursAlsoInModeZero() {
        create(RuleBody.of(VIP6, "tcp", 80).endpoint(EP, 8080));
        assertEquals(NatMode.ONE_ARM, spec(VIP6, Protocol.TCP, 80, 80).mode());
        assertFalse(api.rules().get(0).get("serviceArguments").has("mode"));
        create(RuleBody.of(VIP6, "udp", 80)
                .with("mode", 2)
                .with("privateIP", "\"192.168.80.9\"")
                .endpoint(EP, 8080));
        ServiceSpec spec = spec(VIP6, Protocol.UDP, 80, 80);
        assertEquals(NatMode.FULL_NAT, spec.mode());
        assertEquals(InetAddress.ofLiteral("192.168.80.9"), spec.privateAddress());
    }

    @Test
    void privateAddressIsTheSourceOfFullNatOnly() {
        create(RuleBody.of(VIP, "tcp", 80)
                .with("mode", 2)
                .with("privateIP", "\"192.168.80.9\"")
                .endpoint(EP, 1));
        assertEquals(
                InetAddress.ofLiteral("192.168.80.9"),
                spec(VIP, Protocol.TCP, 80, 80).privateAddress());
        assertEquals(
                "192.168.80.9",
                api.rules().get(0).get("serviceArguments").get("privateIP").asText());
        create(RuleBody.of(VIP, "udp", 80)
                .with("mode", 1)
                .with("privateIP", "\"" + VIP + "\"")
                .endpoint(EP, 1));
        assertNull(spec(VIP, Protocol.UDP, 80, 80).privateAddress());
    }

    @Test
    void privateAddressIsAnsweredForAsLongAsTheRuleIsThere() {
        create(RuleBody.of(VIP, "tcp", 80)
                .with("mode", 2)
                .with("privateIP", "\"192.168.80.9\"")
                .endpoint(EP, 1));
        assertEquals(
                "vips [" + VIP + "=llb-inst0, 192.168.80.9=llb-inst0]",
                api.dataPlane().journal().getLast());
        api.delete(LB + "/externalipaddress/" + VIP + "/port/80/protocol/tcp");
        List<String> journal = api.dataPlane().journal();
        assertEquals("vips []", journal.get(journal.size() - 2));
    }

    @Test
    void hostOneArmServesEveryAddressAndAnnouncesNone() {
        create(RuleBody.of("0.0.0.0", "tcp", 80).with("mode", 5).endpoint(EP, 8080));
        assertEquals(NatMode.HOST_ONE_ARM, spec("0.0.0.0", Protocol.TCP, 80, 80).mode());
        assertEquals("vips []", api.dataPlane().journal().getLast());
        create(RuleBody.of("::", "tcp", 80).with("mode", 5).endpoint(EP6, 8080));
        assertEquals(
                "::",
                api.rules().get(1).get("serviceArguments").get("externalIP").asText());
    }

    @Test
    void sourcesAreASetAndEachChangeOfItIsNoticed() {
        RuleBody web = RuleBody.of(VIP, "tcp", 80).endpoint(EP, 80);
        create(web.source("192.168.80.7").source("10.1.2.3/8"));
        ServiceKey key = ServiceKey.of(InetAddress.ofLiteral(VIP), Protocol.TCP, 80);
        assertEquals(
                List.of(
                        new SourcePrefix(InetAddress.ofLiteral("10.0.0.0"), 8),
                        new SourcePrefix(InetAddress.ofLiteral("192.168.80.7"), 32)),
                api.forwarder().spec(key).allowedSources());
        assertEquals(
                "[{\"prefix\":\"10.0.0.0/8\"},{\"prefix\":\"192.168.80.7/32\"}]",
                api.rules().get(0).get("allowedSources").toString());
        assertEquals(
                409,
                api.post(LB, web.source("10.0.0.0/8").source("192.168.80.7/32").json())
                        .statusCode());
        create(web.source("10.0.0.0/8").source("192.168.80.8"));
        assertEquals(
                "192.168.80.8",
                api.forwarder().spec(key).allowedSources().getLast().address().getHostAddress());
        create(web);
        assertTrue(api.forwarder().spec(key).allowedSources().isEmpty());
        assertTrue(api.rules().get(0).get("allowedSources").isNull());
        assertTrue(api.rules().get(0).get("secondaryIPs").isNull());
    }

    @Test
    void attachedEndpointsObeyTheRuleThatIsThere() {
        create(RuleBody.of(VIP6, "tcp", 80).source("2001:db8::/32").endpoint(EP6, 8080));
        RuleBody attach = RuleBody.of(VIP6, "tcp", 80).with("oper", 1);
        HttpResponse<String> mixed = api.post(LB, attach.endpoint(EP, 8080).json());
        assertEquals(400, mixed.statusCode());
        assertTrue(mixed.body().contains("give endpoints of one family"), mixed.body());
        create(attach.endpoint("2001:db8::12", 8080));
        ServiceSpec spec = spec(VIP6, Protocol.TCP, 80, 80);
        assertEquals(2, spec.endpoints().size());
        assertEquals(1, spec.allowedSources().size());

        create(RuleBody.of(VIP, "tcp", 80).with("mode", 3).with("sel", 1).endpoint(EP, 80));
        HttpResponse<String> other = api.post(
                LB,
                RuleBody.of(VIP, "tcp", 80)
                        .with("oper", 1)
                        .endpoint("192.168.80.12", 8080)
                        .json());
        assertEquals(400, other.statusCode());
        assertTrue(other.body().contains("mode 3 (dsr) changes no ports"), other.body());
        assertEquals(
                List.of(new EndpointSpec(InetAddress.ofLiteral(EP), 80, 1)),
                spec(VIP, Protocol.TCP, 80, 80).endpoints());
    }

    @Test
    void icmpRuleIsDeletedByPortZero() {
        create(RuleBody.of(VIP, "icmp", 0).endpoint(EP, 0));
        String path = "/externalipaddress/" + VIP + "/port/0/";
        assertEquals(
                200, api.delete(LB + path + "protocol/icmp?bgp=false&block=0").statusCode());
        assertEquals(0, api.rules().size());
        create(RuleBody.of(VIP, "icmp", 0).endpoint(EP, 0));
        assertEquals(
                200,
                api.delete(LB + "/hosturl/any" + path + "portmax/0/protocol/icmp")
                        .statusCode());
        assertEquals(0, api.rules().size());
    }

    private void create(RuleBody body) {
        HttpResponse<String> response = api.post(LB, body.json());
        assertEquals("{\"result\":\"Success\"}", response.body());
        assertEquals(200, response.statusCode());
    }

    private ServiceSpec spec(String vip, Protocol protocol, int port, int portMax) {
        return api.forwarder().spec(new ServiceKey(InetAddress.ofLiteral(vip), protocol, port, portMax, 0));
    }
}
