package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mode 0: endpoints see the client itself and answer through the load balancer, by a host route of theirs. */
@LabTest
class PlainDnatTest {
    @TempDir
    static Path directory;

    private static FlatLan lan;

    @BeforeAll
    static void start(Lab lab) throws Exception {
        lan = FlatLan.build(lab, 3).serve();
        for (Host endpoint : lan.endpoints()) {
            endpoint.exec("ip", "route", "add", FlatLan.CLIENT + "/32", "via", FlatLan.LB);
        }
        // What the kernel of the load balancer's host routes is its own business; here it does route.
        lan.lb().run(() -> Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1"));
        GatunNode node = GatunNode.start(lan.lb(), directory);
        node.rule("tcp", 80, GatunNode.DNAT, FlatLan.HTTP, FlatLan.EP1, FlatLan.EP2, FlatLan.EP3);
        node.rule("udp", 53, GatunNode.DNAT, FlatLan.UDP, FlatLan.EP1, FlatLan.EP2, FlatLan.EP3);
    }

    @Test
    void connectionsGoRoundTheEndpointsWhichSeeTheClient() throws Exception {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            lan.client().run(() -> {
                try (Http http = Http.open(FlatLan.VIP, 80)) {
                    names.add(http.get("/name"));
                    assertEquals(FlatLan.CLIENT + " " + http.localPort(), http.get("/peer"));
                }
            });
        }
        assertEquals(List.of("ep1", "ep2", "ep3", "ep1", "ep2", "ep3"), names);
    }

    @Test
    void udpFlowsGoRoundTheEndpoints() throws Exception {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            answers.add(Udp.ask(lan.client(), FlatLan.VIP, 53, "x"));
        }
        assertEquals(List.of("ep1 x", "ep2 x", "ep3 x", "ep1 x", "ep2 x", "ep3 x"), answers);
    }

    @Test
    void downloadIsIdentical() throws Exception {
        long length = 20_000_000;
        try (Download download = Download.start(lan.client(), FlatLan.VIP, 80, length)) {
            assertEquals(Http.expectedDigest(length), download.digest());
        }
    }

    @Test
    void endpointIsReachedByItsOwnAddressOnItsServicePort() throws Exception {
        requireDirect();
    }

    @Test
    void endpointIsReachedByItsOwnAddressThroughTheLoadBalancersHost() throws Exception {
        lan.client().exec("ip", "route", "add", FlatLan.EP1 + "/32", "via", FlatLan.LB);
        try {
            requireDirect();
        } finally {
            lan.client().exec("ip", "route", "del", FlatLan.EP1 + "/32", "via", FlatLan.LB);
        }
    }

    private static void requireDirect() throws Exception {
        assertEquals("ep1", Http.get(lan.client(), FlatLan.EP1, FlatLan.HTTP, "/name"));
        assertEquals("ep1 direct", Udp.ask(lan.client(), FlatLan.EP1, FlatLan.UDP, "direct"));
        long length = 5_000_000;
        try (Download download = Download.start(lan.client(), FlatLan.EP1, FlatLan.HTTP, length)) {
            assertEquals(Http.expectedDigest(length), download.digest());
        }
    }
}
