package io.gatun.forwarder.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.netlink.NetworkState;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.LinkSpec;
import io.gatun.lab.junit.LabTest;
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

    private static void assertHop(int link, String gateway, NextHopTable table, String destination) {
        long nextHop = table.nextHopFor(ip(destination));
        assertEquals(link, NextHopTable.ifindex(nextHop), destination);
        assertEquals(gateway, Ipv4.toAddress(NextHopTable.address(nextHop)).getHostAddress(), destination);
    }

    private static int ip(String literal) {
        return Ipv4.toInt(Specs.ipv4(literal));
    }
}
