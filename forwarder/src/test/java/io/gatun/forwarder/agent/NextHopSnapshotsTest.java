package io.gatun.forwarder.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.nexthop.NextHop;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.netlink.LinkEvent;
import io.gatun.forwarder.sys.netlink.NetworkState;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.LinkSpec;
import io.gatun.lab.junit.LabTest;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The kernel's routes and neighbours as the packet path sees them. */
@LabTest
class NextHopSnapshotsTest {
    private static final long MAC = 0x02AA_BBCC_DDEEL;

    @Test
    void routesNeighboursAndOwnAddressesOfARealHost(Lab lab) throws Exception {
        Host host = lab.host("lb", LinkSpec.of("192.168.80.5/24").via("192.168.80.1"));
        host.exec("ip", "route", "add", "10.0.0.0/8", "via", "192.168.80.2");
        host.exec("ip", "route", "add", "10.66.0.0/16", "via", "192.168.80.3", "metric", "50");
        host.exec("ip", "route", "add", "10.66.0.0/16", "via", "192.168.80.4", "metric", "5");
        host.exec("ip", "route", "add", "unreachable", "10.77.0.0/16");
        host.exec("ip", "route", "add", "blackhole", "10.78.0.0/16");
        host.exec("ip", "route", "add", "10.79.0.0/16", "via", "192.168.80.9", "table", "100");
        host.exec("ip", "neigh", "add", "192.168.80.2", "lladdr", "02:aa:bb:cc:dd:ee", "dev", "eth0");

        host.run(() -> {
            try (NetworkState network = NetworkState.open(Libc.system())) {
                int link = network.link("eth0").orElseThrow().index();
                NextHopTable table = NextHopSnapshots.of(network);

                assertHop(link, "192.168.80.77", table, "192.168.80.77");
                assertHop(link, "192.168.80.1", table, "8.8.8.8");
                assertHop(link, "192.168.80.2", table, "10.1.2.3");
                assertHop(link, "192.168.80.4", table, "10.66.1.1");
                assertHop(link, "192.168.80.2", table, "10.79.1.1");
                assertEquals(NextHopTable.UNREACHABLE, table.nextHopFor(ip("10.77.1.1")));
                assertEquals(NextHopTable.UNREACHABLE, table.nextHopFor(ip("10.78.1.1")));
                assertEquals(NextHopTable.LOCAL, table.nextHopFor(ip("192.168.80.5")));
                assertEquals(NextHopTable.LOCAL, table.nextHopFor(ip("127.0.0.1")));
                assertEquals(MAC, table.macFor(link, ip("192.168.80.2")));
                assertEquals(NextHopTable.UNRESOLVED, table.macFor(link, ip("192.168.80.3")));
            }
        });
    }

    /** Only what reads the kernel's words; what they are is tested where they are parsed. */
    @Test
    void bothFamiliesWithMtusAndVlans(Lab lab) throws Exception {
        Host host = lab.host("lb", LinkSpec.of("192.168.80.5/24"));
        host.exec("ip", "addr", "add", "fd00:80::5/64", "dev", "eth0", "nodad");
        host.exec("ip", "link", "set", "eth0", "mtu", "1450");
        host.exec("ip", "route", "add", "2001:db8::/32", "via", "fd00:80::1", "mtu", "1300");
        host.exec("ip", "route", "add", "2001:db8:7::/48", "via", "fe80::7", "dev", "eth0");
        host.exec("ip", "route", "add", "unreachable", "2001:db8:8::/48");
        host.exec("ip", "route", "add", "10.0.0.0/8", "via", "inet6", "fe80::7", "dev", "eth0");
        host.exec("ip", "neigh", "add", "fe80::7", "lladdr", "02:aa:bb:cc:dd:ee", "dev", "eth0");

        host.run(() -> {
            try (NetworkState network = NetworkState.open(Libc.system())) {
                int link = network.link("eth0").orElseThrow().index();
                NextHopTable table = NextHopSnapshots.of(network);

                assertEquals(link + " fd00:80::77 unresolved 1450", way(table, "fd00:80::77"));
                assertEquals(link + " fd00:80::1 unresolved 1300", way(table, "2001:db8::1"));
                assertEquals(link + " fe80::7 02aabbccddee 1450", way(table, "2001:db8:7::1"));
                assertEquals(link + " fe80::7 02aabbccddee 1450", way(table, "10.1.2.3"));
                assertEquals(link + " 192.168.80.77 unresolved 1450", way(table, "192.168.80.77"));
                assertEquals("unreachable", way(table, "2001:db8:8::1"));
                assertEquals("unreachable", way(table, "fe80::1"));
                assertEquals("local", way(table, "fd00:80::5"));
                assertEquals("local", way(table, "::1"));
                assertEquals("local", way(table, "192.168.80.5"));
            }
        });
    }

    @Test
    void aVlanDeviceIsFoundByItsParent() {
        LinkEvent vlan = new LinkEvent(7, "eth0.10", MAC, 1496, 1, 0, 3, "vlan", 10, 1, 1, /* removed= */ false);
        NextHopTable table = NextHopSnapshots.of(List.of(vlan), List.of(), List.of(), List.of());
        assertEquals(7, table.vlanDevice(3, 10));
        assertEquals(3, table.parent(7));
        assertEquals(10, table.vid(7));
        assertEquals(1496, table.mtuFor(7));
    }

    /** {@code IFINDEX NEXT-HOP MAC MTU}. */
    private static String way(NextHopTable table, String destination) {
        InetAddress address = Specs.address(destination);
        NextHop hop = new NextHop();
        int verdict = table.lookup6(Addresses.high(address), Addresses.low(address), hop);
        if (verdict != NextHopTable.FOUND) {
            return verdict == NextHopTable.LOCAL ? "local" : "unreachable";
        }
        String next = Addresses.of(hop.high(), hop.low()).getHostAddress().replaceFirst("(:0)+:", "::");
        String mac = hop.mac() < 0 ? "unresolved" : "%012x".formatted(hop.mac());
        return hop.ifindex() + " " + next + " " + mac + " " + hop.mtu();
    }

    private static void assertHop(int link, String gateway, NextHopTable table, String destination) {
        long nextHop = table.nextHopFor(ip(destination));
        assertEquals(link, NextHopTable.ifindex(nextHop), destination);
        assertEquals(gateway, Ipv4.toAddress(NextHopTable.address(nextHop)).getHostAddress(), destination);
    }

    private static int ip(String literal) {
        return Ipv4.toInt(Specs.ipv4(literal));
    }
}
