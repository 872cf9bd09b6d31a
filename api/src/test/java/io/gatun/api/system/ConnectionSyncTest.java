package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.forwarder.counters.CountersFile;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that are each other's peers: when the master is killed the other one goes on with its connections. */
@LabTest
class ConnectionSyncTest {
    private static final String NODE_B = "192.168.80.6";
    private static final long LENGTH = 60_000_000;
    private static final int DATAGRAM_FLOWS = 5;
    private static final int DATAGRAM_TIMEOUT_MS = 1_000;
    private static final long PATIENCE_S = 60;

    private static FlatLan lan;
    private static Host hostB;

    @TempDir
    Path directory;

    private GatunNode nodeA;
    private GatunNode nodeB;

    @BeforeAll
    static void start(Lab lab) {
        lan = FlatLan.build(lab, 2).serve();
        hostB = lab.host("lb2", NODE_B + "/24");
    }

    @AfterEach
    void stop() {
        for (GatunNode node : new GatunNode[] {nodeA, nodeB}) {
            if (node != null && node.alive()) {
                node.terminate();
            }
        }
        GatunNode.gatun(lan.lb(), "detach"); // what the killed one left
    }

    @Test
    void theStandbyGoesOnWithTheConnectionsOfAMasterThatIsKilled() throws Exception {
        Path key = key("key", "a key that nobody guesses");
        startA("--sync-key=" + key);
        startB("--sync-key=" + key);

        takeOver(() -> null);

        assertEquals(0, counter("b", "sync_refused_auth"));
        assertEquals(0, counter("b", "sync_bad"));
        assertEquals(0, counter("b", "sync_unplaced"));
        assertTrue(nodeB.rules().get(0).get("survivesTakeover").asBoolean(false));
        await("that nobody takes what B knows", () -> counter("b", "sync_lag_ms") > 0);
        assertTrue(counter("b", "sync_unsynced") >= DATAGRAM_FLOWS);
        assertTrue(counter("b", "sync_applied_ms") > 0);
        theKilledOneComesBack();
        assertEquals(0, nodeB.terminate());
        assertTrue(Files.notExists(directory.resolve("b").resolve("run").resolve("sync")));
    }

    /** With its old table, and its old role until it is told another one. */
    private void theKilledOneComesBack() throws Exception {
        nodeA.restart();
        nodeA.role("BACKUP");
        nodeB.role("MASTER");
        await("the table of B", () -> counter("a", "sync_tables") > 0);
        assertEquals(2 * DATAGRAM_FLOWS, directions(nodeA, "udp-est"));
        try (Udp socket = lan.client().call(() -> Udp.open(FlatLan.VIP, 53))) {
            socket.ask("who");
            await("a copy for A", () -> directions(nodeA, "udp-est") == 2 * DATAGRAM_FLOWS + 2);
        }
        assertEquals(0, counter("a", "sync_refused_auth"));
        assertEquals(0, counter("a", "sync_bad"));
    }

    @Test
    void aNodeThatJoinsGetsTheConnectionsThatAreThere() throws Exception {
        startA();

        takeOver(() -> {
            startB();
            await("the whole table", () -> counter("b", "sync_tables") > 0);
            return null;
        });
    }

    @Test
    void withAnotherKeyNothingIsTaken() throws Exception {
        startA("--sync-key=" + key("a.key", "a key that nobody guesses"));
        startB("--sync-key=" + key("b.key", "a key that somebody guessed"));
        try (Download download = Download.start(lan.client(), FlatLan.VIP, 80, LENGTH)) {
            await(
                    "refused messages",
                    () -> counter("b", "sync_refused_auth") > 1 && counter("a", "sync_refused_auth") > 1);
            assertEquals(0, counter("b", "sync_received"));
            assertEquals(0, nodeB.connections().size());
            assertEquals(Http.expectedDigest(LENGTH), download.digest());
        }
    }

    /** Downloads and asks through A, kills it in the middle, and goes on through B. */
    private void takeOver(Callable<Void> meanwhile) throws Exception {
        List<Udp> sockets = new ArrayList<>();
        List<String> servers = new ArrayList<>();
        try (Download download = Download.start(lan.client(), FlatLan.VIP, 80, LENGTH);
                Capture resets = Capture.start(lan.client(), "tcp[tcpflags] & tcp-rst != 0")) {
            for (int i = 0; i < DATAGRAM_FLOWS; i++) {
                Udp socket = lan.client().call(() -> Udp.open(FlatLan.VIP, 53, DATAGRAM_TIMEOUT_MS));
                sockets.add(socket);
                servers.add(socket.ask("who"));
            }
            meanwhile.call();
            await("copies", () -> copies("est") == 2 && copies("udp-est") == 2 * DATAGRAM_FLOWS);

            nodeA.kill9();
            await("B as MASTER", () -> nodeB.state().equals("MASTER"));

            List<String> later = new ArrayList<>();
            for (Udp socket : sockets) {
                later.add(answer(socket));
            }
            assertEquals(servers, later, "flows of datagrams stay with their endpoints");
            assertEquals(Http.expectedDigest(LENGTH), download.digest());
            assertEquals(List.of(), resets.frames());
        } finally {
            sockets.forEach(Udp::close);
        }
        await("the end of the download to be followed", () -> copies("est") == 0);
    }

    /** Until the client has heard where the VIP is now, questions are lost. */
    private static String answer(Udp socket) throws Exception {
        String[] answer = new String[1];
        await("an answer", () -> {
            try {
                answer[0] = socket.ask("who");
            } catch (SocketTimeoutException e) {
                return false;
            }
            return true;
        });
        return answer[0];
    }

    private void startA(String... options) throws Exception {
        nodeA = GatunNode.start(lan.lb(), directory.resolve("a"), with("--peer=" + NODE_B, options));
        nodeA.role("MASTER");
        rules(nodeA);
        await("A as MASTER", () -> nodeA.state().equals("MASTER"));
    }

    private void startB(String... options) throws Exception {
        nodeB = GatunNode.start(hostB, directory.resolve("b"), with("--peer=" + FlatLan.LB, options));
        nodeB.role("BACKUP");
        rules(nodeB);
    }

    private static void rules(GatunNode node) throws Exception {
        node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1, FlatLan.EP2);
        node.rule("udp", 53, GatunNode.ONE_ARM, FlatLan.UDP, FlatLan.EP1, FlatLan.EP2);
    }

    private static String[] with(String first, String... others) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(others));
        return all.toArray(String[]::new);
    }

    private Path key(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text + "\n");
    }

    /** Directions that B has in this state. */
    private int copies(String state) throws Exception {
        return directions(nodeB, state);
    }

    static int directions(GatunNode node, String state) throws Exception {
        int count = 0;
        for (JsonNode connection : node.connections()) {
            if (connection.get("conntrackState").asText().equals(state)) {
                count++;
            }
        }
        return count;
    }

    private long counter(String node, String name) {
        return CountersFile.read(directory.resolve(node).resolve("run")).get("sync " + name);
    }

    static void await(String what, Callable<Boolean> happened) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!happened.call()) {
            if (System.nanoTime() - end >= 0) {
                throw new AssertionError(what + " did not come within " + PATIENCE_S + " s");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
