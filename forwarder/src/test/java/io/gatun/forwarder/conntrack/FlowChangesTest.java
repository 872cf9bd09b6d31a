package io.gatun.forwarder.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowChangesTest {
    private static final int NOTICES_MAX = 65_535;

    private final ChangeRings rings = ChangeRings.create();
    private final List<String> read = new ArrayList<>();
    private final ChangeRings.Reader reader = new ChangeRings.Reader() {
        @Override
        public void onChanged(long slotId, int sequence) {
            read.add("changed " + slotId + " " + sequence);
        }

        @Override
        public void onRemoved(long slotId, int sequence) {
            read.add("removed " + slotId + " " + sequence);
        }
    };

    @Test
    void noticesOfOneWriterStayInTheirOrder() {
        FlowChanges agent = rings.of("eth0/0");
        agent.changed(Integer.MAX_VALUE, -1);
        rings.of("conductor").removed(7, 3);
        agent.changed(5, 2);
        assertEquals(2, rings.read(reader, 2));
        assertEquals(1, rings.read(reader, 100));
        assertEquals(0, rings.read(reader, 100));
        assertEquals(List.of("changed 2147483647 -1", "changed 5 2", "removed 7 3"), read);
    }

    @Test
    void aWriterThatComesAgainHasItsRing() {
        assertSame(rings.of("eth0/0"), rings.of("eth0/0"));
    }

    @Test
    void aFullRingLosesAndCounts() {
        FlowChanges agent = rings.of("eth0/0");
        for (int i = 0; i < NOTICES_MAX + 10; i++) {
            agent.changed(i, 0);
        }
        assertEquals(10, rings.lost());
        assertEquals(100, rings.read(reader, 100));
        agent.changed(1, 1);
        assertEquals(10, rings.lost());
    }

    @Test
    void whereNobodyReadsNothingIsKept() {
        FlowChanges changes = ChangeRings.none().of("eth0/0");
        assertSame(FlowChanges.NONE, changes);
        changes.changed(1, 1);
        assertEquals(0, changes.lost());
    }
}
