package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.PseudoRandomStream;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TCP and UDP through a VIP in mode 1, with every offload at its default. Each test has a rule of its own. */
@LabTest
class OneArmTest {
    private static final List<String> FOUR_ROUNDS =
            List.of("ep1", "ep2", "ep3", "ep1", "ep2", "ep3", "ep1", "ep2", "ep3", "ep1", "ep2", "ep3");

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
    void newTcpConnectionsGoRoundTheEndpointsInTheOrderOfTheContract() throws Exception {
        node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP3, FlatLan.EP1, FlatLan.EP2);
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            answers.add(Http.get(lan.client(), FlatLan.VIP, 80, "/name"));
        }
        assertEquals(FOUR_ROUNDS, answers);
    }

    @Test
    void newUdpFlowsGoRoundTheEndpointsAndStayWithThem() throws Exception {
        node.rule("udp", 53, GatunNode.ONE_ARM, FlatLan.UDP, FlatLan.EP2, FlatLan.EP3, FlatLan.EP1);
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            answers.add(lan.client().call(() -> {
                try (Udp udp = Udp.open(FlatLan.VIP, 53)) {
                    String first = udp.ask("hello");
                    assertEquals(first, udp.ask("hello"));
                    assertEquals(first, udp.ask("hello"));
                    return first;
                }
            }));
        }
        assertEquals(FOUR_ROUNDS.stream().map(name -> name + " hello").toList(), answers);
    }

    @Test
    void connectionsAtTheSameTimeAreSpreadEvenly() throws Exception {
        node.rule("tcp", 81, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1, FlatLan.EP2, FlatLan.EP3);
        Map<String, Integer> connections = new TreeMap<>();
        try (ExecutorService clients =
                Executors.newFixedThreadPool(16, lan.client().threads())) {
            Callable<String> one =
                    () -> Http.exchange(FlatLan.VIP, 81, "GET", "/name", "").body();
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                answers.add(clients.submit(one));
            }
            for (Future<String> answer : answers) {
                connections.merge(answer.get(), 1, Integer::sum);
            }
        }
        assertEquals(Map.of("ep1", 100, "ep2", 100, "ep3", 100), connections);
    }

    @Test
    void downloadIsIdenticalWithOffloadsAtTheirDefaults() throws Exception {
        requireOffloads();
        long length = 200_000_000;
        node.rule("tcp", 82, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1, FlatLan.EP2, FlatLan.EP3);
        try (Download download = Download.start(lan.client(), FlatLan.VIP, 82, length)) {
            assertEquals(Http.expectedDigest(length), download.digest());
        }
        requireOffloads();
    }

    @Test
    void uploadIsIdentical() throws Exception {
        int length = 20_000_000;
        node.rule("tcp", 83, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1, FlatLan.EP2, FlatLan.EP3);
        String echoed = lan.client().call(() -> {
            try (Http http = Http.open(FlatLan.VIP, 83)) {
                http.request("POST", "/", length);
                Thread writer = Thread.ofPlatform().start(() -> write(http, length));
                assertEquals(200, http.head());
                MessageDigest digest = Http.sha256();
                http.read(digest, length);
                writer.join();
                return Http.hex(digest);
            }
        });
        assertEquals(Http.expectedDigest(length), echoed);
    }

    @Test
    void endpointSeesTheVipAsSource() throws Exception {
        node.rule("tcp", 84, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
        String[] peer = Http.get(lan.client(), FlatLan.VIP, 84, "/peer").split(" ", -1);
        assertEquals(FlatLan.VIP, peer[0]);
        assertTrue(Integer.parseInt(peer[1]) >= 1024, peer[1]);
    }

    @Test
    void connectionTableShowsBothDirections() throws Exception {
        node.rule("tcp", 85, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP2);
        lan.client().run(() -> {
            try (Http http = Http.open(FlatLan.VIP, 85)) {
                String peerPort = http.get("/peer").split(" ", -1)[1];
                JsonNode there = row("sourcePort", http.localPort());
                JsonNode back = row("destinationPort", Integer.parseInt(peerPort));
                assertEquals(FlatLan.CLIENT, there.get("sourceIP").asText());
                assertEquals(FlatLan.VIP, there.get("destinationIP").asText());
                assertEquals("est", there.get("conntrackState").asText());
                assertEquals(
                        "fdnat-" + FlatLan.VIP + "," + FlatLan.EP2 + ":8080:w1",
                        there.get("conntrackAct").asText());
                assertEquals(FlatLan.EP2, back.get("sourceIP").asText());
                assertEquals(FlatLan.VIP, back.get("destinationIP").asText());
                assertTrue(back.get("packets").asInt() >= 2, back.toString());
            }
        });
    }

    private static JsonNode row(String field, int port) throws Exception {
        for (JsonNode row : node.connections()) {
            if (row.get(field).asInt() == port) {
                return row;
            }
        }
        throw new AssertionError("no row with " + field + "=" + port + ": " + node.connections());
    }

    private static void requireOffloads() {
        List<Host> hosts = new ArrayList<>(lan.endpoints());
        hosts.add(lan.client());
        for (Host host : hosts) {
            String features = host.exec("ethtool", "-k", "eth0").stdout();
            for (String feature :
                    List.of("tx-checksumming", "generic-segmentation-offload", "tcp-segmentation-offload")) {
                assertTrue(features.contains("\n" + feature + ": on"), host.name() + ": " + features);
            }
        }
    }

    private static void write(Http http, int length) {
        try (PseudoRandomStream stream = new PseudoRandomStream(length)) {
            stream.transferTo(http.out());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
