package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.Link;
import io.gatun.lab.junit.LabTest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The interface is deleted and made anew while the node runs: it is another one by its index. */
@LabTest
class RemadeInterfaceTest {
    private static final String VIP6 = "fd00:80::200";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"xdp", "raw"})
    void itsVipsAreAnnouncedAnsweredAndServedAgain(String engine, Lab lab) throws Exception {
        Host client = lab.host("client", "192.168.80.10/24", "fd00:80::10/64");
        Host lb = lab.host("lb", "192.168.80.5/24", "fd00:80::5/64");
        Host endpoint = lab.host("ep1", "192.168.80.11/24", "fd00:80::11/64");
        new FlatLan(lab, client, lb, List.of(endpoint)).serve();
        GatunNode node = GatunNode.start(lb, directory, "--io=" + engine);
        node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
        node.rule(VIP6, "tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, "fd00:80::11");
        requireService(client);

        Link eth0 = lb.link("eth0");
        eth0.delete();
        try (Capture announcements = Capture.start(client, "(arp or icmp6) and ether src " + lb.mac())) {
            lab.remake(lb, eth0);
            announcements.await("ARP.* " + FlatLan.VIP + " ");
            announcements.await("neighbor advertisement, tgt is " + VIP6);
        }
        client.exec("ip", "neigh", "flush", "all");
        requireService(client);
        assertTrue(node.alive());
    }

    private static void requireService(Host client) throws Exception {
        assertEquals("ep1", Http.get(client, FlatLan.VIP, 80, "/name"));
        assertEquals("ep1", Http.get(client, VIP6, 80, "/name"));
    }
}
