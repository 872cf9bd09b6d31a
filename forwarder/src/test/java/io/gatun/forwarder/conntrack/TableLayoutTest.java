package io.gatun.forwarder.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TableLayoutTest {
    @Test
    void plansOneFreeSlotForEachConnection() {
        assertEquals(TableLayout.ofRegions(8), TableLayout.forConnections(512 * 1024));
        assertEquals(TableLayout.ofRegions(16), TableLayout.forConnections(1_000_000));
        assertEquals(TableLayout.ofRegions(1), TableLayout.forConnections(1));
    }

    @Test
    void holdsWhatItWasPlannedFor() {
        final FlowTable table = FlowTable.inMemory(new TableLayout(2, 1024));
        final FlowDraft draft = new FlowDraft();
        final long planned = table.capacity() * 2 / 3;

        for (int n = 0; n < planned; n++) {
            assertTrue(table.insert(Flows.fill(draft, n), 0) >= 0, "flow " + n);
        }
    }

    @Test
    void refusesWithNameValueAndCure() {
        assertEquals(
                "regions=3 is not a power of two up to 128, choose one",
                assertThrows(IllegalArgumentException.class, () -> new TableLayout(3, 1))
                        .getMessage());
        assertEquals(
                "connections=0 is not between 1 and 10485760, choose a number in that range",
                assertThrows(IllegalArgumentException.class, () -> TableLayout.forConnections(0))
                        .getMessage());
    }
}
