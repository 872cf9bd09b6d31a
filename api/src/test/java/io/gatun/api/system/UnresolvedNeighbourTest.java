package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
    private static GatunNode node;

    @BeforeAll
    static void start(Lab lab) {
        lan = FlatLan.build(lab, 3).serve();
        node = GatunNode.start(lan.lb(), directory);
    }

    @Test
    void aDatagramThatIsSentOnceReachesAnEndpointNeverTalkedTo() throws Exception {
        try (Capture arp = arpFromTheNode(1)) {
            node.rule("udp", 53, GatunNode.ONE_ARM, FlatLan.UDP, FlatLan.EP1);
            assertEquals("ep1 once", Udp.ask(lan.client(), FlatLan.VIP, 53, "once"));
            arp.await("who-has " + FlatLan.EP1 + ".* tell " + FlatLan.LB);
        }
    }

    @Test
    void aConnectionToAnEndpointNeverTalkedToOpensAtOnce() throws Exception {
        try (Capture arp = arpFromTheNode(2)) {
            node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP2);
            connectAtOnce(80, "ep2");
            arp.await("who-has " + FlatLan.EP2 + ".* tell " + FlatLan.LB);
        }
    }

    @Test
    void neighboursForgottenAgainAndAgainAreAskedForEachTime() throws Exception {
        node.rule("udp", 54, GatunNode.ONE_ARM, FlatLan.UDP, FlatLan.EP3);
        node.rule("tcp", 81, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP3);
        for (int i = 0; i < ROUNDS; i++) {
            lan.lb().exec("ip", "neigh", "flush", "all");
            assertEquals("ep3 once", Udp.ask(lan.client(), FlatLan.VIP, 54, "once"));
            lan.lb().exec("ip", "neigh", "flush", "all");
            connectAtOnce(81, "ep3");
        }
    }

    private static Capture arpFromTheNode(int endpoint) {
        return Capture.start(
                lan.endpoint(endpoint), "arp and ether src " + lan.lb().mac());
    }

    private static void connectAtOnce(int port, String server) throws Exception {
        lan.client().run(() -> {
            try (Http http = Http.open(FlatLan.VIP, port, NO_RETRANSMISSION_MS)) {
                assertEquals(server, http.get("/name"));
            }
        });
    }
}
