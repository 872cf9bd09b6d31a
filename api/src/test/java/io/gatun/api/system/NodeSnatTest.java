package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --snat node}: one-arm traffic leaves with the node's own address, in a range of ports of its own. */
@LabTest
class NodeSnatTest {
    @TempDir
    static Path directory;

    private static FlatLan lan;
    private static GatunNode node;

    @BeforeAll
    static void start(Lab lab) throws Exception {
        lan = FlatLan.build(lab, 2);
        lan.serve(List.of(lan.lb(), lan.endpoint(1), lan.endpoint(2)));
        node = GatunNode.start(lan.lb(), directory, "--snat=node");
        node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1, FlatLan.EP2);
        node.rule("udp", 53, GatunNode.ONE_ARM, FlatLan.UDP, FlatLan.EP1, FlatLan.EP2);
    }

    @Test
    void endpointsSeeTheNodeInItsPortRange() throws Exception {
        for (int i = 0; i < 10; i++) {
            String[] peer = Http.get(lan.client(), FlatLan.VIP, 80, "/peer").split(" ", -1);
            assertEquals(FlatLan.LB, peer[0]);
            int port = Integer.parseInt(peer[1]);
            assertTrue(port >= 10_000 && port <= 29_999, peer[1]);
        }
        assertTrue(Udp.ask(lan.client(), FlatLan.VIP, 53, "x").matches("ep[12] x"));
    }

    @Test
    void theHostGivesThosePortsToNobodyElse() {
        String reserved = lan.lb()
                .exec("cat", "/proc/sys/net/ipv4/ip_local_reserved_ports")
                .stdout()
                .strip();
        assertEquals("10000-29999", reserved);
    }

    @Test
    void downloadIsIdentical() throws Exception {
        long length = 20_000_000;
        try (Download download = Download.start(lan.client(), FlatLan.VIP, 80, length)) {
            assertEquals(Http.expectedDigest(length), download.digest());
        }
    }

    @Test
    void apiSaysThatConnectionsDoNotSurviveATakeover() throws Exception {
        assertFalse(node.rules().get(0).get("survivesTakeover").asBoolean(true));
    }

    @Test
    void theNodesOwnTrafficWorks() throws Exception {
        long length = 5_000_000;
        for (String endpoint : List.of(FlatLan.EP1, FlatLan.EP2)) {
            assertTrue(lan.lb().call(() -> InetAddress.ofLiteral(endpoint).isReachable(5_000)));
            try (Download download = Download.start(lan.lb(), endpoint, FlatLan.HTTP, length)) {
                assertEquals(Http.expectedDigest(length), download.digest());
            }
            assertTrue(Udp.ask(lan.lb(), endpoint, FlatLan.UDP, "x").endsWith(" x"));
        }
        String ping = lan.lb()
                .exec("ping", "-c", "3", "-i", "0.2", "-W", "5", FlatLan.EP1)
                .stdout();
        assertTrue(ping.contains("3 received"), ping);
        assertTrue(lan.client().call(() -> InetAddress.ofLiteral(FlatLan.LB).isReachable(5_000)));
        assertEquals("lb", Http.get(lan.client(), FlatLan.LB, FlatLan.HTTP, "/name"));
        assertEquals("lb x", Udp.ask(lan.client(), FlatLan.LB, FlatLan.UDP, "x"));
    }
}
