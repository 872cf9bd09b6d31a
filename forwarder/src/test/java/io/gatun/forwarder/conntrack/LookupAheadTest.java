package io.gatun.forwarder.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.agrona.UnsafeApi;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LookupAheadTest {
    private static final int NOW = 5_000;
    private static final int FLOWS = 300;
    private static final int STRANGER = FLOWS;

    private final FlowTable table = FlowTable.inMemory(new TableLayout(2, 16));
    private final FlowSlot flow = new FlowSlot();

    @ParameterizedTest
    @EnumSource
    void readsTheLinesOfTheLookup(Family family) {
        long slotId = table.insert(family.draft(3), NOW);
        LookupAhead ahead = ahead(family, family.hash(3));

        int header = UnsafeApi.getInt(table.buckets.address(Buckets.bucketOfSlot((int) slotId)));
        int second =
                family == Family.IPV4 ? 0 : table.buffer(slotId).getInt(table.offset(slotId) + TableLayout.LINE_LENGTH);
        assertEquals(header + table.wrap(flow, slotId).sequence() + second, ahead.read());
    }

    @ParameterizedTest
    @EnumSource
    void tellsWhereAFlowIsThatHasNotGotItsPlace(Family family) {
        long first = table.insert(family.colliding(1), NOW);
        long second = table.insert(family.colliding(2), NOW);
        table.remove(first, NOW);

        LookupAhead ahead = ahead(family, 0);

        assertNotEquals(Control.preferredSlot(0), ahead.slot(0));
        assertEquals(Buckets.slotOf((int) second), ahead.slot(0));
        assertEquals(second, family.find(table, 2, 0, ahead.slot(0)));
    }

    @ParameterizedTest
    @EnumSource
    void aWrongPlaceIsNoMoreThanALongerSearch(Family family) {
        long first = table.insert(family.colliding(1), NOW);
        long second = table.insert(family.colliding(2), NOW);

        for (int slot = 0; slot < TableLayout.SLOTS_PER_BUCKET; slot++) {
            assertEquals(first, family.find(table, 1, 0, slot));
            assertEquals(second, family.find(table, 2, 0, slot));
            assertEquals(FlowTable.NOT_FOUND, family.find(table, 3, 0, slot));
        }
    }

    @ParameterizedTest
    @EnumSource
    void findsAllOfATableThatOverflows(Family family) {
        long[] slotIds = new long[FLOWS];
        for (int n = 0; n < FLOWS; n++) {
            slotIds[n] = table.insert(family.draft(n), NOW);
        }
        int[] hashes = new int[FLOWS + 1];
        for (int n = 0; n <= FLOWS; n++) {
            hashes[n] = family.hash(n);
        }

        LookupAhead ahead = ahead(family, hashes);

        for (int n = 0; n < FLOWS; n++) {
            assertEquals(slotIds[n], family.find(table, n, hashes[n], ahead.slot(n)));
        }
        assertEquals(FlowTable.NOT_FOUND, family.find(table, STRANGER, hashes[STRANGER], ahead.slot(STRANGER)));
    }

    private LookupAhead ahead(Family family, int... hashes) {
        LookupAhead ahead = family.lookupAhead(table, hashes.length);
        for (int hash : hashes) {
            ahead.add(hash);
        }
        ahead.fetch();
        return ahead;
    }
}
