package io.gatun.api.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.api.events.EventLog;
import io.gatun.api.model.NodeEvent;
import io.gatun.api.testkit.Api;
import io.gatun.api.testkit.EventReader;
import io.gatun.api.testkit.RuleBody;
import io.gatun.forwarder.control.EndpointSignals;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.ServiceKey;
import io.javalin.Javalin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code GET /gatun/v1/events} and {@code /gatun/v1/status}, over HTTP. */
@Timeout(60)
class EventsTest {
    private static final String VIP = "192.168.80.200";
    private static final String EP = "192.168.80.11";
    private static final RuleBody RULE = RuleBody.of(VIP, "tcp", 80)
            .with("mode", 1)
            .with("name", "\"web:llb-inst0\"")
            .endpoint(EP, 8080)
            .endpoint("192.168.80.12", 8080);
    private static final String KEY = "tcp " + VIP + ":80";
    private static final int RECEIVE_BUFFER = 4096;

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
    void rulesHealthRolesLinksAndDrainsAreToldAsTheyHappen() throws IOException {
        try (EventReader events = EventReader.open(api.port(), "", "")) {
            assertTrue(events.head().contains(" 200 OK\n"), events.head());
            assertTrue(events.head().contains("Content-Type: text/event-stream;charset=utf-8\n"), events.head());
            assertTrue(events.head().contains("Cache-Control: no-store\n"), events.head());
            events.begun();

            post(RULE.with("monitor", true));
            JsonNode added = events.await("rule-added");
            assertEquals(KEY, added.get("rule").asText());
            assertEquals("web:llb-inst0", added.get("name").asText());
            assertEquals(2, added.get("endpoints").asInt());

            api.dataPlane().prober().kill(EP);
            post(RULE.with("monitor", true).with("probeRetries", 1).with("probeIntervalMs", 100));
            assertEquals(KEY, events.await("rule-changed").get("rule").asText());
            JsonNode health = events.await("endpoint-health");
            assertEquals(EP + ":8080", health.get("endpoint").asText());
            assertFalse(health.get("healthy").asBoolean());
            api.dataPlane().prober().revive(EP);
            assertTrue(events.await("endpoint-health").get("healthy").asBoolean());

            api.post("/config/cistate", "{\"instance\":\"llb-inst0\",\"state\":\"BACKUP\"}");
            JsonNode role = events.await("role");
            assertEquals("NOT_DEFINED", role.get("from").asText());
            assertEquals("BACKUP", role.get("to").asText());

            api.forwarder().link(false);
            JsonNode link = events.await("link");
            assertEquals("lo", link.get("interface").asText());
            assertFalse(link.get("up").asBoolean());

            ServiceKey key = ServiceKey.of(InetAddress.ofLiteral(VIP), Protocol.TCP, 80);
            api.forwarder().signal(new EndpointSignals(key, InetAddress.ofLiteral(EP), 8080, 0, 0, 0, 0, true));
            post(RuleBody.of(VIP, "tcp", 80)
                    .with("mode", 1)
                    .endpoint(EP, 8080, 0)
                    .endpoint("192.168.80.12", 8080));
            assertEquals(EP + ":8080", events.await("drained").get("endpoint").asText());

            api.delete("/config/loadbalancer/all");
            assertEquals(KEY, events.await("rule-removed").get("rule").asText());
        }
    }

    @Test
    void whatWasMissedIsReplayedAndAnotherProcessIsNoticed() throws IOException {
        String last;
        try (EventReader events = EventReader.open(api.port(), "", "").begun()) {
            post(RULE);
            events.await("rule-added");
            last = events.lastId();
        }
        api.delete("/config/loadbalancer/all");
        post(RULE);
        try (EventReader back = EventReader.open(api.port(), "?since=0", "Last-Event-ID: " + last + "\r\n")) {
            assertEquals("rule-removed", back.next().type(), "the header is newer than the address");
            assertEquals("rule-added", back.next().type());
        }
        try (EventReader all = EventReader.open(api.port(), "?since=0", "")) {
            assertEquals("rule-added", all.next().type());
        }
        try (EventReader stranger = EventReader.open(api.port(), "?since=abc-7", "")) {
            assertEquals("reset", stranger.next().type());
            assertEquals("rule-added", stranger.next().type());
        }
    }

    @Test
    void ratesComeEachSecondToWhoListens() throws IOException {
        post(RULE);
        try (EventReader events = EventReader.open(api.port(), "", "").begun()) {
            events.await("rates");
            api.forwarder().count("rx_packets", 1_000_000);
            api.forwarder().count("drop_no_service", 10);
            JsonNode rates = events.await("rates");
            assertTrue(rates.get("rxPackets").asDouble() > 0, rates::toString);
            assertTrue(rates.at("/drops/no_service").asDouble() > 0, rates::toString);
            assertFalse(events.lastId().isEmpty());
        }
    }

    @Test
    void oneMoreThanThereMayBeIsRefused() throws IOException {
        List<EventReader> readers = new ArrayList<>();
        try {
            for (int i = 0; i < EventLog.SUBSCRIBERS_MAX; i++) {
                readers.add(EventReader.open(api.port(), "", "").begun());
            }
            HttpResponse<String> refused = api.getOwn("/events");
            assertEquals(503, refused.statusCode());
            assertEquals(
                    "capacity error: 32 subscribers listen already, close one",
                    Api.json(refused).get("result").asText());
        } finally {
            for (EventReader reader : readers) {
                reader.close();
            }
        }
    }

    @Test
    void whoDoesNotReadIsCutOffAndHoldsUpNoStop() throws IOException {
        EventLog log = new EventLog();
        Javalin server = Javalin.create(config -> {
            config.concurrency.useVirtualThreads = true;
            config.startup.showJavalinBanner = false;
            new EventRoutes(log).register(config.routes);
        });
        server.start("127.0.0.1", 0);
        String name = "n".repeat(100_000);
        try (Socket slow = slow(server.port())) {
            try (EventReader reader = EventReader.open(server.port(), "", "").begun()) {
                // What the kernel's buffers and Jetty take, and then what may wait.
                for (int i = 0; i < 200; i++) {
                    log.publish(new NodeEvent.RuleAdded(KEY, name, 1));
                    reader.await("rule-added");
                }
            }
            await(() -> {
                log.broadcast("rates", name); // so that the server notices that the reader is gone
                return !log.isHeard();
            });
            assertTrue(slow.isConnected());
        } finally {
            server.stop();
        }
    }

    @Test
    void aStopWaitsForNoSubscriber() throws IOException {
        try (EventReader idle = EventReader.open(api.port(), "", "").begun();
                Socket slow = slow(api.port())) {
            post(RULE);
            long startNs = System.nanoTime();
            api.daemon().close();
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
            System.out.println("events: a stop with two subscribers took " + tookMs + " ms");
            assertTrue(tookMs < 1_500, tookMs + " ms");
            idle.awaitEnd();
            assertTrue(slow.isConnected());
        }
    }

    @Test
    void statusHasAllThatThePageShows() {
        post(RULE);
        post(RuleBody.of("2001:db8::200", "udp", 53)
                .with("mode", 1)
                .with("name", "\"dns:other\"")
                .endpoint("192.168.80.12", 53));
        api.post("/config/cistate", "{\"instance\":\"other\",\"state\":\"BACKUP\"}");
        api.forwarder().count("drop_no_service", 3);
        api.forwarder().count("drop_fragment", 0);
        JsonNode status = Api.json(api.getOwn("/status"));
        assertFalse(status.get("node").asText().isEmpty());
        assertEquals(2, status.get("vips").size());
        assertEquals(VIP, status.at("/vips/0/vip").asText());
        assertTrue(status.at("/vips/0/active").asBoolean());
        assertEquals("other", status.at("/vips/1/instance").asText());
        assertFalse(status.at("/vips/1/active").asBoolean());
        assertEquals(KEY, status.at("/services/0/rule").asText());
        assertEquals("web:llb-inst0", status.at("/services/0/name").asText());
        assertEquals("one-arm", status.at("/services/0/mode").asText());
        assertEquals("round-robin", status.at("/services/0/selection").asText());
        assertTrue(status.at("/services/0/served").asBoolean());
        assertEquals(EP + ":8080", status.at("/services/0/endpoints/0/endpoint").asText());
        assertEquals("{\"no_service\":3}", status.get("drops").toString());
        assertEquals("lo", status.at("/ports/0/name").asText());
        assertEquals(7, status.at("/sync/sync_unsynced").asInt());
        assertFalse(status.has("stalled"));
    }

    /** Is subscribed and reads no more than the first byte. */
    private static Socket slow(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(RECEIVE_BUFFER);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream()
                .write("GET /gatun/v1/events HTTP/1.1\r\nHost: gatun\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals('H', socket.getInputStream().read());
        return socket;
    }

    private static void await(BooleanSupplier condition) {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            assertTrue(System.nanoTime() - endNs < 0, "not within 20 s");
        }
    }

    private void post(RuleBody rule) {
        HttpResponse<String> response = api.post("/config/loadbalancer", rule.json());
        assertEquals("{\"result\":\"Success\"}", response.body());
    }
}
