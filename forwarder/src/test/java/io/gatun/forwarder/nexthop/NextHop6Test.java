package io.gatun.forwarder.nexthop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Lookups that fill a {@link NextHop}: both families, MTUs, VLAN devices. */
class NextHop6Test {
    private static final long NET = 0xFD00_0000_0000_0080L;
    private static final long FAR = 0x2001_0DB8_0000_0001L;
    private static final long LINK_LOCAL = 0xFE80_0000_0000_0000L;
    private static final int GATEWAY4 = 0xC0A850FE;
    private static final int ENDPOINT4 = 0xC0A8500B;
    private static final long MAC = 0x02_fc_00_00_00_01L;

    private final NextHop hop = new NextHop();

    private static NextHopTable.Builder lan() {
        return new NextHopTable.Builder()
                .onLink6(NET, 0, 64, 3, 256)
                .route6(0, 0, 0, LINK_LOCAL, 1, 3, 1024, 0)
                .onLink(0xC0A85000, 24, 3, 0)
                .route(0, 0, GATEWAY4, 3, 100)
                .mtu(3, 9000);
    }

    @Test
    void anAddressOnTheLinkIsItsOwnNextHop() {
        NextHopTable table = lan().neighbour6(3, NET, 11, MAC).build();
        assertEquals(NextHopTable.FOUND, table.lookup6(NET, 11, hop));
        assertHop(3, NET, 11, MAC, 9000);
        assertEquals(NextHopTable.FOUND, table.lookup6(NET, 12, hop));
        assertHop(3, NET, 12, NextHopTable.UNRESOLVED, 9000);
    }

    @Test
    void elsewhereGoesThroughTheLinkLocalGateway() {
        NextHopTable table = lan().neighbour6(3, LINK_LOCAL, 1, MAC)
                .neighbour6(4, LINK_LOCAL, 1, MAC + 1)
                .build();
        assertEquals(NextHopTable.FOUND, table.lookup6(FAR, 7, hop));
        assertHop(3, LINK_LOCAL, 1, MAC, 9000);
        assertEquals(MAC + 1, table.macFor(4, LINK_LOCAL, 1));
        assertEquals(NextHopTable.UNRESOLVED, table.macFor(5, LINK_LOCAL, 1));
    }

    @Test
    void ownAddressesAndUnreachablePrefixesFillNothing() {
        NextHopTable table = lan().local6(NET, 5).unreachable6(FAR, 0, 48, 0).build();
        table.lookup6(NET, 11, hop);
        assertEquals(NextHopTable.LOCAL, table.lookup6(NET, 5, hop));
        assertEquals(NextHopTable.UNREACHABLE, table.lookup6(FAR, 9, hop));
        assertEquals(NextHopTable.UNREACHABLE, NextHopTable.EMPTY.lookup6(NET, 11, hop));
        assertEquals(NextHopTable.UNREACHABLE, NextHopTable.EMPTY.lookup(ENDPOINT4, hop));
        assertEquals(NextHopTable.UNRESOLVED, NextHopTable.EMPTY.macFor(3, NET, 11));
        assertEquals(NextHopTable.MTU_DEFAULT, NextHopTable.EMPTY.mtuFor(3));
        assertHop(3, NET, 11, NextHopTable.UNRESOLVED, 9000);
    }

    @Test
    void anIpv4DestinationIsFoundInEitherShape() {
        NextHopTable table = lan().neighbour(3, ENDPOINT4, MAC)
                .local(0xC0A85005)
                .mtu(3, 1400)
                .build();
        assertEquals(NextHopTable.FOUND, table.lookup(ENDPOINT4, hop));
        assertHop(3, 0, NextHopTable.mapped(ENDPOINT4), MAC, 1400);
        assertEquals(NextHopTable.FOUND, table.lookup6(0, NextHopTable.mapped(0x08080808), hop));
        assertHop(3, 0, NextHopTable.mapped(GATEWAY4), NextHopTable.UNRESOLVED, 1400);
        assertEquals(NextHopTable.LOCAL, table.lookup6(0, NextHopTable.mapped(0xC0A85005), hop));
        assertEquals(MAC, table.macFor(3, 0, NextHopTable.mapped(ENDPOINT4)));
    }

    @Test
    void anIpv4RouteMayHaveAnIpv6Gateway() {
        NextHopTable table = lan().route(0x0A000000, 8, LINK_LOCAL, 1, 3, 0, 0)
                .neighbour6(3, LINK_LOCAL, 1, MAC)
                .build();
        assertEquals(NextHopTable.FOUND, table.lookup(0x0A010203, hop));
        assertHop(3, LINK_LOCAL, 1, MAC, 9000);
        assertEquals(NextHopTable.UNREACHABLE, table.nextHopFor(0x0A010203));
    }

    @Test
    void theSmallerMtuCounts() {
        NextHopTable table = lan().route6(FAR, 0, 64, LINK_LOCAL, 1, 3, 0, 1280)
                .route(0x0A000000, 8, 0, NextHopTable.mapped(GATEWAY4), 3, 0, 65_000)
                .route(0x0B000000, 8, 0, 0, 7, 0, 0)
                .build();
        table.lookup6(FAR, 1, hop);
        assertEquals(1280, hop.mtu());
        table.lookup(0x0A010203, hop);
        assertEquals(9000, hop.mtu());
        table.lookup(0x0B010203, hop);
        assertEquals(NextHopTable.MTU_DEFAULT, hop.mtu());
        assertEquals(9000, table.mtuFor(3));
    }

    @Test
    void aVlanDeviceIsFoundByParentAndId() {
        NextHopTable table =
                lan().vlan(7, 3, 10).vlan(8, 3, 4094).vlan(9, 4, 10).build();
        assertEquals(7, table.vlanDevice(3, 10));
        assertEquals(8, table.vlanDevice(3, 4094));
        assertEquals(9, table.vlanDevice(4, 10));
        assertEquals(0, table.vlanDevice(3, 11));
        assertEquals(4, table.parent(9));
        assertEquals(10, table.vid(9));
        assertEquals(0, table.parent(3));
        assertEquals(0, table.vid(3));
    }

    @Test
    void theBuilderNamesWhatItCannotTake() {
        NextHopTable.Builder builder = new NextHopTable.Builder();
        assertTrue(message(() -> builder.onLink6(0, 0, 129, 1, 0)).contains("prefix length=129"));
        assertTrue(message(() -> builder.route6(0, 0, 0, 0, 1, 0, 0, 0)).contains("ifindex=0"));
        assertTrue(message(() -> builder.neighbour6(1, 0, 1, 1L << 48)).contains("mac="));
        assertTrue(message(() -> builder.mtu(1, 0)).contains("mtu=0"));
    }

    @Test
    void lookupsAllocateNothing() {
        NextHopTable table = lan().neighbour6(3, NET, 11, MAC).vlan(7, 3, 10).build();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = lookups(table, 10_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        sum += lookups(table, 300_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 4096, "allocated " + allocated + " bytes, sum " + sum);
    }

    private long lookups(NextHopTable table, int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += table.lookup6((i & 1) == 0 ? NET : FAR + i, 11, hop) + hop.mac();
            sum += table.lookup(ENDPOINT4 + i, hop) + hop.mtu();
            sum += table.vlanDevice(3, i & 15) + table.parent(i & 15) + table.vid(i & 15) + table.mtuFor(i & 15);
        }
        return sum;
    }

    private void assertHop(int ifindex, long high, long low, long mac, int mtu) {
        assertEquals(ifindex, hop.ifindex());
        assertEquals(high, hop.high());
        assertEquals(low, hop.low());
        assertEquals(mac, hop.mac());
        assertEquals(mtu, hop.mtu());
    }

    private static String message(org.junit.jupiter.api.function.Executable wrong) {
        return assertThrows(IllegalArgumentException.class, wrong).getMessage();
    }
}
