package io.gatun.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.junit.LabTest;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hosts on one bridge, and hosts joined by a wire. */
@LabTest
class FlatNetworkTest {
    private static final int TIMEOUT_MS = 2000;

    @Test
    void hostsOfOneNetworkReachEachOtherAcrossTheBridge(Lab lab) throws Exception {
        Host client = lab.host("client", "192.168.80.10/24", "fd00:80::10/64");
        Host server = lab.host("server", "192.168.80.11/24", "fd00:80::11/64");

        assertTrue(pings(client, server.address()));
        assertTrue(pings(client, InetAddress.ofLiteral("fd00:80::11")));
        assertFalse(pings(client, InetAddress.ofLiteral("192.168.80.99"), 200));
        assertTrue(client.exec("ip", "neigh", "show", "192.168.80.11").stdout().contains(server.mac()));
    }

    @Test
    void linksHaveTheSameAddressesInEveryRun(Lab lab) {
        Host first = lab.host("client", "192.168.80.10/24");
        Host second =
                lab.host("lb", LinkSpec.of("192.168.80.20/24").withQueues(2).withMtu(9000));

        assertEquals("02:67:00:00:01:01", first.mac());
        assertEquals("02:67:00:00:02:01", second.mac());
        String shown = second.exec("ip", "-d", "link", "show", "eth0").stdout();
        assertTrue(shown.contains("link/ether 02:67:00:00:02:01"), shown);
        assertTrue(shown.contains(" mtu 9000 "), shown);
        assertTrue(shown.contains("numtxqueues 2 numrxqueues 2"), shown);
        assertTrue(shown.startsWith(second.link("eth0").index() + ": eth0"), shown);
        assertTrue(first.exec("ip", "link", "show", "eth0").stdout().contains(" mtu 1500 "));
    }

    @Test
    void rootNamespaceGetsNoLink(Lab lab) {
        List<String> before = linksOfRoot();
        lab.wire(lab.host("a", "10.0.0.1/24"), LinkSpec.of().named("eth1"), lab.bare("b"), LinkSpec.of());

        assertEquals(before, linksOfRoot());
    }

    @Test
    void wireJoinsTwoHostsWithoutBridge(Lab lab) throws Exception {
        Host left = lab.bare("left");
        Host middle = lab.bare("middle");
        Host right = lab.bare("right");
        lab.wire(left, LinkSpec.of("10.1.0.1/24").via("10.1.0.2"), middle, LinkSpec.of("10.1.0.2/24"));
        lab.wire(
                middle,
                LinkSpec.of("10.2.0.2/24").named("eth1"),
                right,
                LinkSpec.of("10.2.0.1/24").via("10.2.0.2"));
        middle.run(() -> Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1"));

        assertTrue(pings(left, right.address()));
        assertFalse(Files.exists(Path.of("/run/netns/gatun-" + lab.id() + "-sw")));
    }

    @Test
    void linkThatIsDownCarriesNothingUntilItIsUp(Lab lab) throws Exception {
        Host client = lab.host(
                "client", LinkSpec.of("192.168.80.10/24", "fd00:80::10/64").via("192.168.80.11"));
        Host server = lab.host("server", "192.168.80.11/24", "fd00:80::11/64", "10.9.9.9/32");
        InetAddress behindGateway = InetAddress.ofLiteral("10.9.9.9");
        assertTrue(pings(client, behindGateway));

        client.link("eth0").down();
        assertFalse(pings(client, server.address(), 200));

        client.link("eth0").up();
        assertTrue(pings(client, server.address()));
        assertTrue(pings(client, behindGateway));
        assertTrue(pings(client, InetAddress.ofLiteral("fd00:80::11")));
    }

    @Test
    void unpluggedLinkLosesItsCarrierButKeepsItsAddresses(Lab lab) throws Exception {
        Host client = lab.host("client", "192.168.80.10/24");
        Host server = lab.host("server", "192.168.80.11/24");

        client.link("eth0").unplug();
        assertTrue(client.exec("ip", "link", "show", "eth0").stdout().contains("NO-CARRIER"));
        assertTrue(client.exec("ip", "addr", "show", "eth0").stdout().contains("192.168.80.10/24"));
        assertFalse(pings(client, server.address(), 200));

        client.link("eth0").plug();
        assertTrue(pings(client, server.address()));
    }

    @Test
    void addressMovesBetweenHosts(Lab lab) throws Exception {
        Host client = lab.host("client", "192.168.80.10/24");
        Host one = lab.host("one", "192.168.80.11/24");
        Host two = lab.host("two", "192.168.80.12/24");
        InetAddress vip = InetAddress.ofLiteral("192.168.80.200");

        one.link("eth0").add("192.168.80.200/32");
        assertTrue(pings(client, vip));
        one.link("eth0").remove("192.168.80.200/32");
        two.link("eth0").add("192.168.80.200/32");
        client.exec("ip", "neigh", "flush", "dev", "eth0");

        assertTrue(pings(client, vip));
        assertTrue(client.exec("ip", "neigh", "show", "192.168.80.200").stdout().contains(two.mac()));
    }

    /** As root InetAddress sends an ICMP echo request from the namespace of the calling thread. */
    private static boolean pings(Host from, InetAddress to) throws Exception {
        return pings(from, to, TIMEOUT_MS);
    }

    private static boolean pings(Host from, InetAddress to, int timeoutMs) throws Exception {
        return from.call(() -> {
            try {
                return to.isReachable(timeoutMs);
            } catch (SocketException noRoute) {
                return false;
            }
        });
    }

    private static List<String> linksOfRoot() {
        return Ip.root("-o link show")
                .lines()
                .map(line -> line.split(": ", -1)[1])
                .toList();
    }
}
