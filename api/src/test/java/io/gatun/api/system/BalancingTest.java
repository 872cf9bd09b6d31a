package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.api.testkit.RuleBody;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How connections are spread over endpoints by weights, persistence and least connections; round robin is OneArmTest's. */
@LabTest
class BalancingTest {
    private static final int PRIORITY = 2;
    private static final int PERSIST = 3;
    private static final int LEAST_CONNECTIONS = 4;
    private static final long PATIENCE_NS = 30_000_000_000L;

    @TempDir
    static Path directory;

    private static FlatLan lan;
    private static GatunNode node;

    @BeforeAll
    static void start(Lab lab) {
        lan = FlatLan.build(lab, 3).serve();
        node = GatunNode.start(lan.lb(), directory);
    }

    @Test
    void weightsAreSharesOfTheConnections() throws Exception {
        put(rule(81, PRIORITY)
                .endpoint(FlatLan.EP1, FlatLan.HTTP, 30)
                .endpoint(FlatLan.EP2, FlatLan.HTTP, 10)
                .endpoint(FlatLan.EP3, FlatLan.HTTP, 0));

        Map<String, Integer> served = new TreeMap<>();
        for (int i = 0; i < 40; i++) {
            served.merge(name(81), 1, Integer::sum);
        }

        assertEquals(Map.of("ep1", 30, "ep2", 10), served);
    }

    @Test
    void aClientStaysWithItsEndpointWhenOthersAreAdded() throws Exception {
        put(rule(82, PERSIST).endpoint(FlatLan.EP2, FlatLan.HTTP));
        assertEquals("ep2", name(82));
        put(rule(82, PERSIST)
                .endpoint(FlatLan.EP1, FlatLan.HTTP)
                .endpoint(FlatLan.EP2, FlatLan.HTTP)
                .endpoint(FlatLan.EP3, FlatLan.HTTP));

        for (int i = 0; i < 20; i++) {
            assertEquals("ep2", name(82));
        }
        for (JsonNode row : node.connections()) {
            assertEquals("tcp", row.get("protocol").asText(), "the client's note is no connection: " + row);
        }
    }

    @Test
    void theEndpointWithTheFewestConnectionsIsNext() throws Exception {
        put(rule(83, LEAST_CONNECTIONS)
                .endpoint(FlatLan.EP1, FlatLan.HTTP)
                .endpoint(FlatLan.EP2, FlatLan.HTTP)
                .endpoint(FlatLan.EP3, FlatLan.HTTP));
        lan.client().run(() -> {
            List<Http> open = new ArrayList<>();
            try {
                for (int i = 0; i < 6; i++) {
                    open.add(Http.open(FlatLan.VIP, 83));
                    assertEquals("ep" + (i % 3 + 1), open.getLast().get("/name"));
                }
                open.remove(4).close(); // one of ep2
                open.remove(1).close(); // the other
                awaitEstablished(83, 4);
                for (int i = 0; i < 2; i++) {
                    open.add(Http.open(FlatLan.VIP, 83));
                    assertEquals("ep2", open.getLast().get("/name"));
                }
            } finally {
                for (Http connection : open) {
                    connection.close();
                }
            }
        });
    }

    private static RuleBody rule(int port, int selection) {
        return RuleBody.of(FlatLan.VIP, "tcp", port)
                .with("mode", GatunNode.ONE_ARM)
                .with("sel", selection);
    }

    private static void put(RuleBody rule) throws Exception {
        Http.Answer answer = node.api("POST", "/config/loadbalancer", rule.json());
        assertEquals(200, answer.status(), answer.body());
    }

    private static String name(int port) throws Exception {
        return Http.get(lan.client(), FlatLan.VIP, port, "/name");
    }

    /** Waits until so many connections to a port of the VIP are established, and no more. */
    private static void awaitEstablished(int port, int wanted) throws Exception {
        long start = System.nanoTime();
        int established;
        do {
            established = 0;
            for (JsonNode row : node.connections()) {
                boolean fromClient = row.get("destinationPort").asText().equals(Integer.toString(port));
                established += fromClient && row.get("conntrackState").asText().equals("est") ? 1 : 0;
            }
            assertTrue(System.nanoTime() - start < PATIENCE_NS, established + " connections are established");
        } while (established != wanted);
    }
}
