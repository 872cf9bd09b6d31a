package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While Gatun is attached, everything else on that interface works as before. */
@LabTest
class BystanderTest {
    @TempDir
    static Path directory;

    private static FlatLan lan;

    @BeforeAll
    static void start(Lab lab) {
        lan = FlatLan.build(lab, 1);
        lan.serve(List.of(lan.lb(), lan.endpoint(1)));
    }

    @Test
    void everythingElseWorksBeforeWhileAndAfter() throws Exception {
        lan.client().run(() -> {
            try (Http session = Http.open(FlatLan.LB, FlatLan.HTTP)) {
                requireAllElse(session);

                GatunNode node = GatunNode.start(lan.lb(), directory);
                requireAllElse(session);

                // Both modes, so that source addresses, services and endpoints are all steered.
                node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
                node.rule("192.168.80.201", "udp", 53, GatunNode.DNAT, FlatLan.UDP, FlatLan.EP1);
                assertEquals("ep1", Http.get(lan.client(), FlatLan.VIP, 80, "/name"));
                requireAllElse(session);

                assertEquals(0, node.terminate());
                requireAllElse(session);
            }
        });
    }

    /** Called inside the client. */
    private static void requireAllElse(Http session) throws Exception {
        assertEquals("lb", session.get("/name"));
        // Without an entry the client asks by ARP anew.
        lan.client().exec("ip", "neigh", "flush", "dev", "eth0");
        requireReachable(lan.client(), FlatLan.LB);
        assertTrue(neighbour(FlatLan.LB).contains("lladdr " + lan.lb().mac()), () -> neighbour(FlatLan.LB));
        assertEquals("lb", Http.get(lan.client(), FlatLan.LB, FlatLan.HTTP, "/name"));
        assertEquals("lb hello", Udp.ask(lan.client(), FlatLan.LB, FlatLan.UDP, "hello"));

        requireReachable(lan.client(), FlatLan.EP1);
        assertEquals("ep1", Http.get(lan.client(), FlatLan.EP1, FlatLan.HTTP, "/name"));
        assertEquals("ep1 hello", Udp.ask(lan.client(), FlatLan.EP1, FlatLan.UDP, "hello"));

        requireReachable(lan.lb(), FlatLan.CLIENT);
        assertEquals("ep1", Http.get(lan.lb(), FlatLan.EP1, FlatLan.HTTP, "/name"));
        assertEquals("ep1 hello", Udp.ask(lan.lb(), FlatLan.EP1, FlatLan.UDP, "hello"));
        assertEquals("lb", session.get("/name"));
    }

    private static void requireReachable(Host from, String address) throws Exception {
        assertTrue(
                from.call(() -> InetAddress.ofLiteral(address).isReachable(5_000)), from.name() + " pings " + address);
    }

    private static String neighbour(String address) {
        return lan.client().exec("ip", "neigh", "show", address).stdout();
    }
}
