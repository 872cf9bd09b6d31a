package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.LabProcess;
import io.gatun.lab.junit.LabTest;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes with the same rules and the roles that {@code config/cistate} gives them. */
@LabTest
class RolesTest {
    @TempDir
    static Path directory;

    private static FlatLan lan;
    private static Host hostB;
    private static GatunNode nodeA;
    private static GatunNode nodeB;

    @BeforeAll
    static void start(Lab lab) throws Exception {
        lan = FlatLan.build(lab, 2).serve();
        hostB = lab.host("lb2", "192.168.80.6/24");
        nodeA = GatunNode.start(lan.lb(), directory.resolve("a"));
        nodeB = GatunNode.start(hostB, directory.resolve("b"));
    }

    @Test
    void theMasterAnswersArpAndTakesNewConnections() throws Exception {
        try (Capture answers = Capture.start(lan.client(), "arp and arp[14:4] = 0xc0a850c8")) {
            nodeA.role("MASTER");
            nodeB.role("BACKUP");
            for (GatunNode node : new GatunNode[] {nodeA, nodeB}) {
                node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1, FlatLan.EP2);
            }
            for (int i = 0; i < 5; i++) {
                lan.client().exec("ip", "neigh", "flush", "dev", "eth0");
                assertEquals(FlatLan.VIP, peerAddress());
                assertTrue(neighbour().contains("lladdr " + lan.lb().mac()), neighbour());
            }
            assertTrue(answers.frames().stream()
                    .allMatch(frame -> frame.contains(" " + lan.lb().mac() + " > ")));
        }
        assertTrue(hasConnections(nodeA));
        assertFalse(hasConnections(nodeB));

        LabProcess monitor = lan.client().start("stdbuf", "-oL", "ip", "monitor", "neigh", "dev", "eth0");
        try (Capture announcements =
                Capture.start(lan.client(), "arp and arp[14:4] = 0xc0a850c8 and ether src " + hostB.mac())) {
            nodeA.role("BACKUP");
            nodeB.role("MASTER");
            announcements.await("Reply " + FlatLan.VIP + " is-at " + hostB.mac());
            monitor.awaitLine(FlatLan.VIP + " .*lladdr " + hostB.mac(), Duration.ofSeconds(10));
        }
        monitor.terminate();
        assertEquals(FlatLan.VIP, peerAddress());
        assertTrue(hasConnections(nodeB));
        assertTrue(neighbour().contains("lladdr " + hostB.mac()), neighbour());

        lan.client().exec("ip", "neigh", "flush", "dev", "eth0");
        assertEquals(FlatLan.VIP, peerAddress());
        assertTrue(neighbour().contains("lladdr " + hostB.mac()), neighbour());
    }

    private static boolean hasConnections(GatunNode node) throws Exception {
        JsonNode connections = node.connections();
        return !connections.isEmpty();
    }

    private static String peerAddress() throws Exception {
        return Http.get(lan.client(), FlatLan.VIP, 80, "/peer").split(" ", -1)[0];
    }

    private static String neighbour() {
        return lan.client().exec("ip", "neigh", "show", FlatLan.VIP).stdout();
    }
}
