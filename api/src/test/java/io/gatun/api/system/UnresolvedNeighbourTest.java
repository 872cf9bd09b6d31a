package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The node's kernel knows neither client nor endpoint: first packets wait for ARP instead of being lost. */
@LabTest
class UnresolvedNeighbourTest {
    private static final int ROUNDS = 5;
    /** A SYN is repeated after a second; sooner means that none was lost. */
    private static final int NO_RETRANSMISSION_MS = 900;

    @TempDir
    static Path directory;

    private static FlatLan lan;

    @BeforeAll
    static void start(Lab lab) throws Exception {
        lan = FlatLan.build(lab, 1).serve();
        GatunNode node = GatunNode.start(lan.lb(), directory);
        node.rule("udp", 53, GatunNode.ONE_ARM, FlatLan.UDP, FlatLan.EP1);
        node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
    }

    @Test
    void aDatagramThatIsSentOnceIsEchoed() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            forgetNeighbours();
            assertEquals("ep1 once", Udp.ask(lan.client(), FlatLan.VIP, 53, "once"));
            requireResolved();
        }
    }

    @Test
    void aConnectionOpensWithoutRetransmission() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            forgetNeighbours();
            lan.client().run(() -> {
                try (Http http = Http.open(FlatLan.VIP, 80, NO_RETRANSMISSION_MS)) {
                    assertEquals("ep1", http.get("/name"));
                }
            });
            requireResolved();
        }
    }

    /** Flushes until nothing is left: an entry in use is asked for at any moment. */
    private static void forgetNeighbours() {
        lan.lb().exec("ip", "neigh", "flush", "all");
    }

    private static void requireResolved() {
        String entries = lan.lb().exec("ip", "neigh", "show", "dev", "eth0").stdout();
        assertTrue(entries.contains(FlatLan.EP1 + " lladdr"), entries);
        assertTrue(entries.contains(FlatLan.CLIENT + " lladdr"), entries);
    }
}
