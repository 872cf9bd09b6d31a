package io.gatun.api.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.api.testkit.Api;
import io.gatun.api.testkit.FakeBfd;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** The node itself over REST: addresses, log level, process, BFD, drops, readiness. */
class NodePathsTest {
    private static final String SUCCESS = "{\"result\":\"Success\"}";
    private static final String ADDRESS = "{\"dev\":\"lo\",\"ipAddress\":\"192.168.80.5/24\"}";

    @TempDir
    Path directory;

    private Api api;

    @BeforeEach
    void start() {
        api = Api.start(directory);
    }

    @AfterEach
    void stop() {
        api.post("/config/params", "{\"logLevel\":\"info\"}");
        api.close();
    }

    @Test
    void addressesAreThoseOfTheHost() {
        JsonNode links = Api.json(api.get("/config/ipv4address/all")).get("ipAttr");
        JsonNode loopback = null;
        for (JsonNode link : links) {
            loopback = link.get("dev").asText().equals("lo") ? link : loopback;
        }
        assertEquals("127.0.0.1/8", loopback.get("ipAddress").get(0).asText());
        assertEquals(0, loopback.get("sync").asInt());
    }

    @Test
    void addressesComeAndGo() {
        assertEquals(SUCCESS, api.post("/config/ipv4address", ADDRESS).body());
        assertEquals(Set.of("192.168.80.5/24"), api.forwarder().addresses());
        assertEquals(409, api.post("/config/ipv4address", ADDRESS).statusCode());

        String path = "/config/ipv4address/192.168.80.5/24/dev/lo";
        assertEquals(SUCCESS, api.delete(path).body());
        assertEquals(Set.of(), api.forwarder().addresses());
        assertEquals(SUCCESS, api.delete(path).body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lo | 192.168.80.5 | ipAddress=192.168.80.5",
                "lo | 192.168.80.5/33 | mask=33",
                "lo | 2001:db8::5/64 | ipAddress=2001:db8::5",
                "lo | 224.0.0.1/24 | ipAddress=224.0.0.1",
                "no/where | 192.168.80.5/24 | dev=no/where",
                "eth9 | 192.168.80.5/24 | dev=eth9",
            })
    void whatIsNoAddressOfALinkIsRefused(String dev, String address, String sentence) {
        HttpResponse<String> refused =
                api.post("/config/ipv4address", "{\"dev\":\"" + dev + "\",\"ipAddress\":\"" + address + "\"}");
        assertEquals(400, refused.statusCode());
        assertTrue(refused.body().contains(sentence), refused.body());
        assertEquals(Set.of(), api.forwarder().addresses());
    }

    @Test
    void logLevelIsShownSetAndThereAgainAfterARestart() {
        assertEquals("{\"logLevel\":\"info\"}", api.get("/config/params").body());
        assertEquals(
                SUCCESS, api.post("/config/params", "{\"loglevel\":\"debug\"}").body());
        assertTrue(LoggerFactory.getLogger("io.gatun.api").isDebugEnabled());
        assertEquals("{\"logLevel\":\"debug\"}", api.get("/config/params").body());
        api.close();
        api = Api.start(directory);
        assertEquals("{\"logLevel\":\"debug\"}", api.get("/config/params").body());

        assertEquals(
                SUCCESS,
                api.post("/config/params", "{\"logLevel\":\"critical\"}").body());
        assertFalse(LoggerFactory.getLogger("io.gatun.api").isWarnEnabled());
    }

    @Test
    void anUnknownLogLevelIsRefused() {
        HttpResponse<String> refused = api.post("/config/params", "{\"logLevel\":\"loud\"}");
        assertEquals(400, refused.statusCode());
        assertTrue(refused.body().contains("logLevel=loud, give trace, debug"), refused.body());
        assertEquals(400, api.post("/config/params", "{}").statusCode());
    }

    @Test
    void processIsThisOneAndAllText() {
        JsonNode own = Api.json(api.get("/status/process")).get("processAttr").get(0);
        assertEquals(
                Long.toString(ProcessHandle.current().pid()), own.get("pid").asText());
        assertTrue(Long.parseLong(own.get("residentSize").asText()) > 1_000);
        assertTrue(Double.parseDouble(own.get("MemoryUsage").asText()) > 0);
        own.forEach(field -> assertTrue(field.isTextual(), own.toString()));
    }

    @Test
    void otherPathsOfStatusAreNotFound() {
        for (String path :
                List.of("/status/device", "/status/filesystem", "/config/route/all", "/config/session/all")) {
            assertEquals(404, api.get(path).statusCode());
        }
    }

    @Test
    void bfdIsShownAndItsIntervalsAreSetAndKept() {
        assertEquals(
                "{\"Attr\":[{\"instance\":\"default\",\"remoteIp\":\"192.168.80.6\",\"sourceIp\":\"0.0.0.0\","
                        + "\"port\":3784,\"interval\":100000,\"retryCount\":3,\"state\":\"BFDUp\"}]}",
                api.get("/config/bfd/all").body());
        assertEquals(
                SUCCESS,
                api.post(
                                "/config/bfd",
                                "{\"instance\":\"default\",\"remoteIp\":\"" + FakeBfd.PEER
                                        + "\",\"interval\":200000,\"retryCount\":5}")
                        .body());
        assertEquals(200_000, api.dataPlane().sessions().timers().desiredMinTxUs());
        api.close();
        api = Api.start(directory);
        assertEquals(5, api.dataPlane().sessions().timers().multiplier());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 | \"remoteIp\":\"192.168.80.7\" | start this node with --bfd",
                "404 | \"remoteIp\":\"192.168.80.6\",\"instance\":\"x\" | instance=x",
                "400 | \"remoteIp\":\"here\" | remoteIp=here",
                "400 | \"remoteIp\":\"192.168.80.6\",\"interval\":50 | interval=50",
                "400 | \"remoteIp\":\"192.168.80.6\",\"retryCount\":256 | retryCount=256",
                "400 | \"remoteIp\":\"192.168.80.6\",\"port\":99 | port=99",
                "400 | \"remoteIp\":\"192.168.80.6\",\"sourceIp\":\"192.168.80.9\" | sourceIp=192.168.80.9",
            })
    void bfdThatCannotBeIsRefused(int status, String fields, String sentence) {
        HttpResponse<String> refused = api.post("/config/bfd", "{" + fields + "}");
        assertEquals(status, refused.statusCode(), refused.body());
        assertTrue(refused.body().contains(sentence), refused.body());
        assertEquals(100_000, api.dataPlane().sessions().timers().desiredMinTxUs());
    }

    @Test
    void aPeerOfTheStartIsNotDeleted() {
        HttpResponse<String> refused = api.delete("/config/bfd/remoteIP/" + FakeBfd.PEER + "?instance=default");
        assertEquals(409, refused.statusCode());
        assertFalse(refused.body().contains("exist"), refused.body());
        assertEquals(SUCCESS, api.delete("/config/bfd/remoteIP/192.168.80.7").body());
    }

    @Test
    void dropsAreCountedByReason() {
        api.forwarder().count("drop_no_flow", 4);
        api.forwarder().count("drop_firewall", 1);
        assertEquals(
                "{\"packets\":5,\"drops\":[{\"reason\":\"firewall\",\"packets\":1},{\"reason\":\"no_flow\",\"packets\":4}]}",
                api.getOwn("/drops").body());
    }

    @Test
    void aNodeIsReadyUnlessAnInterfaceIsDown() {
        assertEquals("{\"ready\":true,\"reasons\":[]}", root("/livez").body());
        assertEquals(200, root("/readyz").statusCode());

        api.forwarder().mode("down");
        HttpResponse<String> notReady = root("/readyz");
        assertEquals(503, notReady.statusCode());
        assertEquals("{\"ready\":false,\"reasons\":[\"interface lo is down\"]}", notReady.body());
        assertEquals(200, root("/livez").statusCode());
    }

    private HttpResponse<String> root(String path) {
        return api.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path))
                .GET());
    }
}
