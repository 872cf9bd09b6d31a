package io.gatun.api.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatun.api.testkit.Api;
import io.gatun.api.testkit.Frames;
import io.gatun.forwarder.control.ExplainQuery;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.RejectedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is Gatun's own: {@code /gatun/v1}. */
@Timeout(60)
class GatunPathsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

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
    void withoutATakeoverThereIsNoIncidentAndAnEmptyHistogram() {
        JsonNode all = Api.json(api.getOwn("/incidents"));
        assertEquals(0, all.get("incidents").size());
        assertEquals(0, all.at("/outageSeconds/count").asInt());
        assertEquals("0.005", all.at("/outageSeconds/buckets/0/le").asText());
        assertEquals("+Inf", all.at("/outageSeconds/buckets/13/le").asText());
    }

    @Test
    void portsShowEngineModeAndReason() {
        HttpResponse<String> response = api.getOwn("/ports");
        assertEquals(
                "{\"ports\":[{\"name\":\"lo\",\"engine\":\"xdp\",\"mode\":\"native\",\"reason\":\"asked for\","
                        + "\"queues\":2,\"mtu\":1500}]}",
                response.body());
        JsonNode engine =
                Api.json(api.get("/config/port/all")).get("portAttr").get(0).get("engine");
        assertEquals("asked for", engine.get("reason").asText());
    }

    @Test
    void theExchangeOfConnectionsIsMeasured() {
        assertEquals(
                "{\"counters\":{\"sync_lag_ms\":12,\"sync_unsynced\":7}}",
                api.getOwn("/sync").body());
    }

    @Test
    void enginesAreSwitchedWhileTheDaemonRuns() {
        HttpResponse<String> response = api.postOwn("/io", "{\"interface\":\"lo\",\"io\":\"raw\"}");
        assertEquals("{\"result\":\"Success\"}", response.body());
        assertTrue(api.dataPlane().journal().contains("switch lo to raw"));
        assertTrue(api.getOwn("/ports").body().contains("\"engine\":\"raw\",\"mode\":\"tcx\""));
    }

    @Test
    void engineOrInterfaceThatIsNone() {
        assertRefused(400, "io=dpdk, give auto, xdp or raw", "{\"interface\":\"lo\",\"io\":\"dpdk\"}");
        assertRefused(400, "interface=eth9, give one that is served: lo", "{\"interface\":\"eth9\",\"io\":\"raw\"}");
        assertRefused(400, "interface=null, give one that is served: lo", "{\"io\":\"raw\"}");
        assertRefused(422, "parse error", "[]");
        api.forwarder().reject(RejectedException.invalid("io", "xdp", "its MTU is too large, give raw"));
        assertRefused(400, "io=xdp, its MTU is too large", "{\"interface\":\"lo\",\"io\":\"xdp\"}");
    }

    @Test
    void explanationHasStepsAndVerdict() {
        api.forwarder().explainWith(Frames.forwarded());
        HttpResponse<String> response = api.getOwn("/explain?from=10.0.0.7:51000&to=192.168.80.200:80&proto=tcp");
        assertEquals(
                "{\"steps\":[{\"stage\":\"steering\",\"text\":\"192.168.80.200 is a VIP\"},"
                        + "{\"stage\":\"endpoint\",\"text\":\"192.168.80.11:8080 is next in turn\"}],"
                        + "\"verdict\":\"forward\",\"dropReason\":\"\"}",
                response.body());
        assertEquals(
                new ExplainQuery(
                        Protocol.TCP,
                        InetAddress.ofLiteral("10.0.0.7"),
                        51000,
                        InetAddress.ofLiteral("192.168.80.200"),
                        80),
                api.forwarder().question());
        assertEquals(
                200,
                api.getOwn("/explain?from=2001:db8::7&to=2001:db8::200&proto=icmp&id=7")
                        .statusCode());
        assertEquals(
                new ExplainQuery(
                        Protocol.ICMP,
                        InetAddress.ofLiteral("2001:db8::7"),
                        7,
                        InetAddress.ofLiteral("2001:db8::200"),
                        0),
                api.forwarder().question());
    }

    @Test
    void questionsThatCannotBeAnswered() {
        assertUnasked("from=, give ADDRESS:PORT such as 10.0.0.7:51000", "proto=tcp");
        assertUnasked("from=10.0.0.7, give ADDRESS:PORT", "proto=tcp&from=10.0.0.7&to=10.0.0.8:80");
        assertUnasked("from=host:80, give ADDRESS:PORT", "proto=tcp&from=host:80&to=10.0.0.8:80");
        assertUnasked("to=10.0.0.8:65536, give ADDRESS:PORT", "proto=tcp&from=10.0.0.7:1&to=10.0.0.8:65536");
        assertUnasked(
                "to=2001:db8::8, give an IPv4 address as from has", "proto=tcp&from=10.0.0.7:1&to=%5B2001:db8::8%5D:1");
        assertUnasked("proto=gre, give tcp, udp, sctp or icmp", "proto=gre&from=10.0.0.7:1&to=10.0.0.8:80");
        assertUnasked("proto=, give tcp, udp, sctp or icmp", "from=10.0.0.7:1&to=10.0.0.8:80");
        assertUnasked("from=10.0.0.7:1, give an address alone", "proto=icmp&from=10.0.0.7:1&to=10.0.0.8");
        assertUnasked("id=x, give 0-65535", "proto=icmp&from=10.0.0.7&to=10.0.0.8&id=x");
        assertUnasked("id=65536, give 0-65535", "proto=icmp&from=10.0.0.7&to=10.0.0.8&id=65536");
        assertUnasked("id=7, only icmp has an identifier", "proto=udp&from=10.0.0.7:1&to=10.0.0.8:1&id=7");
    }

    @Test
    void traceIsALineForEachPacketAsItComes() throws IOException {
        try (Reader reader = new Reader("vip=192.168.80.200&count=2&timeout=30s")) {
            api.forwarder().pass(Frames.traced("eth0/0", Frames.syn(), Frames.forwarded()));
            JsonNode packet = MAPPER.readTree(reader.packet());
            assertEquals("2026-03-04T05:06:07.000000089Z", packet.get("time").asText());
            assertEquals("eth0/0", packet.get("port").asText());
            assertEquals(54, packet.get("length").asInt());
            assertEquals(
                    "10.0.0.7:51000 > 192.168.80.200:80 tcp SYN, 54 bytes",
                    packet.get("summary").asText());
            assertEquals("forward", packet.get("explanation").get("verdict").asText());
            assertEquals(54, packet.get("frame").binaryValue().length);
            assertTrue(api.forwarder().tracing());
            api.forwarder().pass(Frames.traced("eth0/1", Frames.syn(), Frames.forwarded()));
            assertEquals("eth0/1", MAPPER.readTree(reader.packet()).get("port").asText());
            assertNull(reader.packet());
        }
        await(() -> !api.forwarder().tracing());
    }

    @Test
    void traceEndsWithItsTime() {
        HttpResponse<String> response = api.getOwn("/trace?vip=192.168.80.200&count=5&timeout=20ms");
        assertEquals(200, response.statusCode());
        assertEquals("", response.body().strip());
        assertEquals(
                "application/x-ndjson;charset=utf-8",
                response.headers().firstValue("Content-Type").orElseThrow());
    }

    @Test
    void traceEndsWhenNobodyReads() throws IOException {
        try (Reader reader = new Reader("vip=192.168.80.200&count=5&timeout=1h")) {
            api.forwarder().pass(Frames.traced("eth0/0", Frames.syn(), Frames.forwarded()));
            assertNotNull(reader.packet());
        }
        await(() -> !api.forwarder().tracing());
    }

    @Test
    void secondTraceIsRefusedAndTheFirstGoesOn() throws IOException {
        try (Reader reader = new Reader("vip=192.168.80.200&count=1&timeout=1h")) {
            await(() -> api.forwarder().tracing());
            HttpResponse<String> second = api.getOwn("/trace?vip=192.168.80.201");
            assertEquals(409, second.statusCode());
            assertTrue(second.body().contains("another trace is running"), second.body());
            api.forwarder().pass(Frames.traced("eth0/0", Frames.syn(), Frames.forwarded()));
            assertNotNull(reader.packet());
        }
    }

    @Test
    void stopDoesNotWaitForATrace() throws IOException {
        try (Reader reader = new Reader("vip=192.168.80.200&count=1&timeout=1h")) {
            await(() -> api.forwarder().tracing());
            api.close();
            await(() -> !api.forwarder().tracing());
            assertNull(reader.packet());
        }
    }

    @Test
    void tracesThatCannotBe() {
        for (String[] bad : new String[][] {
            {"", "vip=, give a VIP such as"},
            {"vip=x", "vip=x, give an address"},
            {"vip=1.2.3.4&count=0", "count=0, give 1-10000"},
            {"vip=1.2.3.4&count=10001", "count=10001, give 1-10000"},
            {"vip=1.2.3.4&count=x", "count=x, give 1-10000"},
            {"vip=1.2.3.4&timeout=soon", "timeout=soon, give 1ms-1h"},
            {"vip=1.2.3.4&timeout=2h", "timeout=2h, give 1ms-1h"},
            {"vip=1.2.3.4&timeout=0s", "timeout=0s, give 1ms-1h"}
        }) {
            HttpResponse<String> response = api.getOwn("/trace?" + bad[0]);
            assertEquals(400, response.statusCode(), bad[0]);
            assertTrue(Api.json(response).get("result").asText().startsWith(bad[1]), response.body());
        }
        assertFalse(api.forwarder().tracing());
    }

    private void assertRefused(int status, String sentence, String body) {
        HttpResponse<String> response = api.postOwn("/io", body);
        assertEquals(status, response.statusCode(), response.body());
        assertTrue(Api.json(response).get("result").asText().startsWith(sentence), response.body());
    }

    private void assertUnasked(String sentence, String query) {
        HttpResponse<String> response = api.getOwn("/explain?" + query);
        assertEquals(400, response.statusCode(), response.body());
        assertTrue(Api.json(response).get("result").asText().startsWith(sentence), response.body());
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** Reads a trace from a plain socket, which can be closed at any time. */
    private final class Reader implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Reader(String query) throws IOException {
            socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), api.port());
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            socket.getOutputStream()
                    .write(("GET /gatun/v1/trace?" + query + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        }

        /** The next line of JSON, or null at the end. */
        String packet() throws IOException {
            String line = in.readLine();
            while (line != null && !line.startsWith("{")) {
                line = in.readLine();
            }
            return line;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
