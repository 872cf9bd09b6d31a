package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules change under running connections. */
@LabTest
class RuleChangeTest {
    @TempDir
    static Path directory;

    private static FlatLan lan;
    private static GatunNode node;
    private static Host stranger;

    @BeforeAll
    static void start(Lab lab) {
        lan = FlatLan.build(lab, 3).serve();
        stranger = lab.host("stranger", "192.168.80.20/24");
        node = GatunNode.start(lan.lb(), directory);
    }

    @Test
    void aRemovedEndpointsConnectionsEndAndOthersGoOn() throws Exception {
        long length = 20_000_000;
        node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1, FlatLan.EP2);
        lan.client().run(() -> {
            try (Http doomed = Http.open(FlatLan.VIP, 80);
                    Download kept = Download.start(lan.client(), FlatLan.VIP, 80, length)) {
                assertEquals("ep1", doomed.get("/name"));
                assertEquals("ep2", kept.server());

                node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP2, FlatLan.EP3);

                SocketException e = assertThrows(SocketException.class, () -> doomed.get("/name"));
                assertTrue(e.getMessage().contains("reset"), e.getMessage());
                assertEquals(Http.expectedDigest(length), kept.digest());
                for (int i = 0; i < 4; i++) {
                    assertFalse(Http.get(lan.client(), FlatLan.VIP, 80, "/name").equals("ep1"));
                }
            }
        });
    }

    @Test
    void theVipOfADeletedRuleAnswersNobody() throws Exception {
        String vip = "192.168.80.201";
        node.rule(vip, "tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
        node.rule(vip, "tcp", 81, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP2);
        assertEquals("ep1", Http.get(lan.client(), vip, 80, "/name"));

        node.deleteRule(vip, "tcp", 80);
        assertEquals("ep2", Http.get(stranger, vip, 81, "/name"), "the VIP still has a rule");

        node.deleteRule(vip, "tcp", 81);
        stranger.exec("ip", "neigh", "flush", "dev", "eth0");
        assertThrows(
                NoRouteToHostException.class,
                () -> stranger.run(() -> Http.open(vip, 81).close()));
        String entry = stranger.exec("ip", "neigh", "show", vip).stdout();
        assertTrue(entry.contains("FAILED") || entry.contains("INCOMPLETE"), entry);
    }
}
