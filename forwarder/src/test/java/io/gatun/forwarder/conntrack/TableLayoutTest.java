package io.gatun.forwarder.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TableLayoutTest {
    @Test
    void plansOneFreeSlotForEachConnection() {
        assertEquals(TableLayout.ofRegions(8), TableLayout.forConnections(512 * 1024));
        assertEquals(TableLayout.ofRegions(16), TableLayout.forConnections(1_000_000));
        assertEquals(TableLayout.ofRegions(128), TableLayout.forConnections(10_485_760));
    }

    @Test
    void hasWideRegionsForHalfAsManyConnectionsAndAtLeastOne() {
        assertEquals(new TableLayout(1, 16_384, 1, 8_192), TableLayout.forConnections(1));
        assertEquals(TableLayout.ofRegions(1), TableLayout.forConnections(81_920));
        assertEquals(TableLayout.ofRegions(2), TableLayout.forConnections(81_921));
        for (long connections = 1; connections <= 10_485_760; connections = connections * 3 / 2 + 1) {
            final TableLayout layout = TableLayout.forConnections(connections);
            assertTrue(layout.narrowSlots() >= 3 * connections, layout + " for " + connections);
            assertTrue(layout.wideSlots() * 2 >= 3 * connections, layout + " for " + connections);
        }
    }

    @Test
    void wideBucketsTakeTwiceTheBytes() {
        final TableLayout layout = new TableLayout(2, 16_384);

        assertEquals(new TableLayout(2, 16_384, 2, 8_192), layout);
        assertEquals(4, layout.allRegions());
        for (int region = 0; region < layout.allRegions(); region++) {
            assertEquals(1 << 24, layout.regionLength(region));
        }
        assertEquals(4L << 24, layout.lengthBytes());
        assertEquals(2 * 245_760, layout.narrowSlots());
        assertEquals(2 * 122_880, layout.wideSlots());
        assertEquals(6 * 122_880, layout.slots());
        assertEquals(2_048 * 4, new TableLayout(1, 1, 1, 4).regionLength(1));
    }

    @ParameterizedTest
    @EnumSource
    void holdsWhatItWasPlannedFor(Family family) {
        final FlowTable table = FlowTable.inMemory(new TableLayout(2, 1024));
        final FlowDraft draft = new FlowDraft();
        final long planned = table.buckets.layout.narrowSlots() * 2 / 3;
        assertEquals(table.capacity(), 2 * table.buckets.layout.wideSlots());

        for (int n = 0; n < planned; n++) {
            assertTrue(table.insert(family.fill(draft, n, family.hash(n)), 0) >= 0, "flow " + n);
        }
    }

    @Test
    void refusesWithNameValueAndCure() {
        assertEquals(
                "regions=3 is not a power of two up to 128, choose one",
                assertThrows(IllegalArgumentException.class, () -> new TableLayout(3, 1))
                        .getMessage());
        assertEquals(
                "wideBucketsPerRegion=16384 is not a power of two up to 8192, choose one",
                assertThrows(IllegalArgumentException.class, () -> new TableLayout(1, 1, 1, 16_384))
                        .getMessage());
        assertEquals(
                "connections=0 is not between 1 and 10485760, choose a number in that range",
                assertThrows(IllegalArgumentException.class, () -> TableLayout.forConnections(0))
                        .getMessage());
    }
}
