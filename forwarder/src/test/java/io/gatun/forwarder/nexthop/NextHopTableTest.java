package io.gatun.forwarder.nexthop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class NextHopTableTest {
    private static final int VIP = 0xC0A850C8;
    private static final int ENDPOINT = 0xC0A8500B;
    private static final int GATEWAY = 0xC0A850FE;
    private static final int LAN = 0xC0A85000;
    private static final int FAR = 0x08080808;
    private static final long MAC = 0x02_fc_00_00_00_01L;

    private static NextHopTable.Builder lan() {
        return new NextHopTable.Builder().onLink(LAN, 24, 3, 0).route(0, 0, GATEWAY, 3, 100);
    }

    @Test
    void anAddressOnTheLinkIsItsOwnNextHop() {
        long nextHop = lan().build().nextHopFor(ENDPOINT);
        assertEquals(3, NextHopTable.ifindex(nextHop));
        assertEquals(ENDPOINT, NextHopTable.address(nextHop));
    }

    @Test
    void elsewhereGoesThroughTheGateway() {
        long nextHop = lan().build().nextHopFor(FAR);
        assertEquals(3, NextHopTable.ifindex(nextHop));
        assertEquals(GATEWAY, NextHopTable.address(nextHop));
    }

    @Test
    void theLongestPrefixWins() {
        NextHopTable table = lan().route(0x08080000, 16, 0xC0A850FD, 4, 0).build();
        assertEquals(4, NextHopTable.ifindex(table.nextHopFor(FAR)));
    }

    @Test
    void theLowerMetricWinsAndTheFirstOfEquals() {
        NextHopTable table = new NextHopTable.Builder()
                .route(0, 0, 1, 1, -1)
                .route(0, 0, 2, 2, 50)
                .route(0, 0, 3, 3, 50)
                .build();
        assertEquals(2, NextHopTable.ifindex(table.nextHopFor(FAR)));
    }

    @Test
    void ownAddressesAreLocalWhateverTheRoutesSay() {
        NextHopTable table = lan().local(ENDPOINT).route(ENDPOINT, 32, 0, 9, 0).build();
        assertEquals(NextHopTable.LOCAL, table.nextHopFor(ENDPOINT));
    }

    @Test
    void anUnreachablePrefixHidesTheDefaultRoute() {
        NextHopTable table = lan().unreachable(0x08000000, 8, 0).build();
        assertEquals(NextHopTable.UNREACHABLE, table.nextHopFor(FAR));
        assertEquals(GATEWAY, NextHopTable.address(table.nextHopFor(0x09090909)));
    }

    @Test
    void nothingIsReachableInAnEmptyTable() {
        assertEquals(NextHopTable.UNREACHABLE, NextHopTable.EMPTY.nextHopFor(VIP));
        assertEquals(NextHopTable.UNRESOLVED, NextHopTable.EMPTY.macFor(1, VIP));
    }

    @Test
    void aNeighbourIsKnownPerLink() {
        NextHopTable table =
                lan().neighbour(3, ENDPOINT, MAC).neighbour(4, 0, 0).build();
        assertEquals(MAC, table.macFor(table.nextHopFor(ENDPOINT)));
        assertEquals(NextHopTable.UNRESOLVED, table.macFor(4, ENDPOINT));
        assertEquals(0, table.macFor(4, 0));
    }

    @Test
    void theBuilderNamesWhatItCannotTake() {
        NextHopTable.Builder builder = new NextHopTable.Builder();
        assertTrue(message(() -> builder.route(0, 33, 0, 1, 0)).contains("prefix length=33"));
        assertTrue(message(() -> builder.route(0, 0, 0, 0, 0)).contains("ifindex=0"));
        assertTrue(message(() -> builder.neighbour(1, 0, -1)).contains("mac="));
    }

    @Test
    void lookupsAllocateNothing() {
        NextHopTable table =
                lan().neighbour(3, ENDPOINT, MAC).neighbour(3, GATEWAY, MAC).build();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = lookups(table, 10_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        sum += lookups(table, 1_000_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 4096, "allocated " + allocated + " bytes, sum " + sum);
    }

    private static long lookups(NextHopTable table, int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += table.macFor(table.nextHopFor((i & 1) == 0 ? ENDPOINT : FAR + i));
        }
        return sum;
    }

    private static String message(org.junit.jupiter.api.function.Executable wrong) {
        return assertThrows(IllegalArgumentException.class, wrong).getMessage();
    }
}
