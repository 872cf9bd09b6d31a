package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatun.lab.Lab;
import io.gatun.lab.LabProcess;
import io.gatun.lab.Servers;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints die and come back while they are probed every 100 ms. */
@LabTest
class HealthTest {
    /** What is promised: a dead endpoint gets no connection later than this. */
    private static final long PROMISED_MS = 400;

    /** The machine that runs tests may stop us for longer than that; the figure that counts is printed. */
    private static final long TOLERANCE = 5;

    private static final long PATIENCE_S = 30;
    private static final int ATTEMPTS_MIN = 20;
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int CONNECT_TIMEOUT_MS = 200;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    static Path directory;

    private static FlatLan lan;
    private static GatunNode node;
    private static LabProcess first;

    @BeforeAll
    static void start(Lab lab) {
        lan = FlatLan.build(lab, 2);
        first = Servers.http(lan.endpoint(1), "ep1", FlatLan.HTTP);
        Servers.http(lan.endpoint(2), "ep2", FlatLan.HTTP);
        node = GatunNode.start(lan.lb(), directory);
    }

    @AfterEach
    void restore() throws Exception {
        node.deleteRule(FlatLan.VIP, "tcp", 80);
        say("green");
        lan.endpoint(1).exec("ip", "link", "set", "eth0", "up");
        if (!first.alive()) {
            first = Servers.http(lan.endpoint(1), "ep1", FlatLan.HTTP);
        }
    }

    @Test
    void aServerThatIsKilledGetsNoNewConnectionAndIsUsedAgainWhenItIsBack() throws Exception {
        rule("\"probetype\":\"tcp\",\"probeIntervalMs\":100");
        lan.client().run(() -> {
            assertEquals(Set.of("ep1", "ep2"), untilBothWereSeen());

            long killedNs = System.nanoTime();
            first.kill9();
            measure("killed", killedNs);
            assertEquals("inactive", state(FlatLan.EP1));
            assertEquals("active", state(FlatLan.EP2));
            assertEquals("nok", probed(FlatLan.EP1).get("currState").asText());

            first = Servers.http(lan.endpoint(1), "ep1", FlatLan.HTTP);
            long backNs = System.nanoTime();
            assertEquals(Set.of("ep1", "ep2"), untilBothWereSeen());
            System.out.println("health: used again " + ms(backNs) + " ms after it was back");
            assertEquals("ok", probed(FlatLan.EP1).get("currState").asText());
        });
    }

    @Test
    void aHostThatFallsSilentGetsNoNewConnection() throws Exception {
        rule("\"probetype\":\"http\",\"probereq\":\"/name\",\"proberesp\":\"ep\",\"probeIntervalMs\":100");
        lan.client().run(() -> {
            assertEquals(Set.of("ep1", "ep2"), untilBothWereSeen());

            long silentNs = System.nanoTime();
            lan.endpoint(1).exec("ip", "link", "set", "eth0", "down");
            measure("silent", silentNs);
        });
    }

    @Test
    void whoIsDeclaredRedKeepsTheConnectionsThatItHas() throws Exception {
        rule("\"monitor\":true,\"probeIntervalMs\":100");
        lan.client().run(() -> {
            try (Http kept = connectionTo("ep1")) {
                say("red");
                awaitState(FlatLan.EP1, "inactive");
                for (int i = 0; i < 10; i++) {
                    assertEquals("ep2", name());
                }
                assertEquals("ep1", kept.get("/name"));
                assertEquals("red", probed(FlatLan.EP1).get("currState").asText());

                say("green");
                assertEquals(Set.of("ep1", "ep2"), untilBothWereSeen());
            }
        });
    }

    @Test
    void aRuleThatDoesNotMonitorIsNotConcerned() throws Exception {
        node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1, FlatLan.EP2);
        say("red");
        lan.client().run(() -> assertEquals(Set.of("ep1", "ep2"), untilBothWereSeen()));
    }

    @Test
    void aServerThatRefusesIsOutAlthoughItsProbeIsWell() throws Exception {
        rule("\"probetype\":\"ping\",\"probeIntervalMs\":1000");
        lan.client().run(() -> {
            assertEquals(Set.of("ep1", "ep2"), untilBothWereSeen());
            first.kill9();
            await(() -> {
                connectOnce();
                return report(FlatLan.EP1).get("ejected").asBoolean();
            });
            JsonNode out = report(FlatLan.EP1);
            assertEquals("ok", out.get("probe").asText());
            assertTrue(out.get("refused").asInt() >= 5, out::toString);
            assertEquals("inactive", state(FlatLan.EP1));
            assertEquals("ep2", name());

            first = Servers.http(lan.endpoint(1), "ep1", FlatLan.HTTP);
            assertEquals(Set.of("ep1", "ep2"), untilBothWereSeen());
        });
    }

    @Test
    void anEndpointOfWeightZeroIsDrainedWhenItsLastConnectionHasEnded() throws Exception {
        node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1, FlatLan.EP2);
        lan.client().run(() -> {
            try (Http last = connectionTo("ep1")) {
                String rule = GatunNode.ruleJson(
                        FlatLan.VIP, "tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1, FlatLan.EP2);
                node.api("POST", "/config/loadbalancer", rule.replaceFirst("\"weight\":1", "\"weight\":0"));
                assertEquals("ep1", last.get("/name"));
                for (int i = 0; i < 10; i++) {
                    assertEquals("ep2", name());
                }
                assertFalse(report(FlatLan.EP1).get("drained").asBoolean());
            }
            await(() -> report(FlatLan.EP1).get("drained").asBoolean());
            assertFalse(report(FlatLan.EP2).has("drained"), "it has a weight");
        });
    }

    /** Connects without a pause until three times the promise has gone by since the last failure. */
    private void measure(String what, long sinceNs) throws Exception {
        long lastFailureMs = 0;
        int failures = 0;
        int attempts = 0;
        while (attempts < ATTEMPTS_MIN || ms(sinceNs) < lastFailureMs + 3 * PROMISED_MS) {
            long startedMs = ms(sinceNs);
            attempts++;
            try {
                assertEquals("ep2", name());
            } catch (IOException e) {
                failures++;
                lastFailureMs = startedMs;
                assertTrue(startedMs < PROMISED_MS * TOLERANCE, "a connection after " + startedMs + " ms: " + e);
            }
        }
        System.out.println("health: " + what + ", last connection to it " + lastFailureMs + " ms later, promised "
                + PROMISED_MS + " ms; " + failures + " of " + attempts);
    }

    private void rule(String probe) throws Exception {
        String rule =
                GatunNode.ruleJson(FlatLan.VIP, "tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1, FlatLan.EP2);
        Http.Answer answer =
                node.api("POST", "/config/loadbalancer", rule.replace("\"protocol\"", probe + ",\"protocol\""));
        assertEquals(200, answer.status(), answer.body());
    }

    private void say(String state) throws Exception {
        Http.Answer answer = node.api(
                "POST",
                "/config/endpointhoststate",
                "{\"hostName\":\"" + FlatLan.EP1 + "\",\"state\":\"" + state + "\"}");
        assertEquals("{\"result\":\"Success\"}", answer.body());
    }

    private void connectOnce() {
        try {
            name();
        } catch (IOException refused) {
            assertTrue(refused.getMessage().contains("refused"), refused::toString);
        }
    }

    private JsonNode report(String endpoint) {
        try {
            String body = lan.lb()
                    .call(() -> Http.exchange("127.0.0.1", 11111, "GET", "/gatun/v1/health", ""))
                    .body();
            for (JsonNode row : MAPPER.readTree(body).get("endpoints")) {
                if (row.get("endpoint").asText().equals(endpoint + ":" + FlatLan.HTTP)) {
                    return row;
                }
            }
            throw new AssertionError(body);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String name() throws IOException {
        try (Http http = Http.open(FlatLan.VIP, 80, CONNECT_TIMEOUT_MS)) {
            return http.get("/name");
        }
    }

    private static Http connectionTo(String server) throws IOException {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (System.nanoTime() - endNs < 0) {
            Http http = Http.open(FlatLan.VIP, 80);
            if (http.get("/name").equals(server)) {
                return http;
            }
            http.close();
        }
        throw new AssertionError(server + " was never reached");
    }

    /** New connections until both servers have answered one. */
    private static Set<String> untilBothWereSeen() {
        Set<String> seen = new HashSet<>();
        await(() -> {
            try {
                seen.add(name());
            } catch (IOException e) {
                assertFalse(seen.size() > 1, e::toString);
            }
            return seen.size() > 1;
        });
        return seen;
    }

    private void awaitState(String endpoint, String state) {
        await(() -> {
            try {
                return state(endpoint).equals(state);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private static void await(BooleanSupplier condition) {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(POLL_NS);
            assertTrue(System.nanoTime() - endNs < 0, "not within " + PATIENCE_S + " s");
        }
    }

    private String state(String endpoint) throws Exception {
        for (JsonNode row : node.rules().get(0).get("endpoints")) {
            if (row.get("endpointIP").asText().equals(endpoint)) {
                return row.get("state").asText();
            }
        }
        throw new AssertionError(endpoint + " is not there");
    }

    private JsonNode probed(String endpoint) throws Exception {
        JsonNode all =
                MAPPER.readTree(node.api("GET", "/config/endpoint/all", "").body());
        for (JsonNode row : all.get("Attr")) {
            if (row.get("hostName").asText().equals(endpoint)) {
                return row;
            }
        }
        throw new AssertionError(all.toString());
    }

    private static long ms(long sinceNs) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNs);
    }
}
