package io.gatun.forwarder.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.conntrack.ChangeRings;
import io.gatun.forwarder.conntrack.FlowChanges;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingChangesTest {
    private final ChangeRings rings = ChangeRings.create();
    private final FlowChanges agent = rings.of("eth0/0");
    private final PendingChanges pending = new PendingChanges(rings);
    private final List<String> taken = new ArrayList<>();
    private final ChangeRings.Reader reader = new ChangeRings.Reader() {
        @Override
        public void onChanged(long slotId, int sequence) {
            taken.add("changed " + slotId);
        }

        @Override
        public void onRemoved(long slotId, int sequence) {
            taken.add("removed " + slotId);
        }
    };

    @Test
    void aFlowIsReadOnceForAllOfItsNoticesThatAreThere() {
        agent.changed(5, 1);
        agent.changed(6, 1);
        agent.changed(5, 1);
        agent.removed(5, 1);
        agent.changed(5, 2);
        assertEquals(5, pending.waiting());
        takeAll();
        assertEquals(List.of("changed 5", "changed 6", "removed 5", "changed 5"), taken);
        assertEquals(0, pending.waiting());
        agent.changed(6, 1);
        takeAll();
        assertEquals("changed 6", taken.getLast());
        assertEquals(5, taken.size());
    }

    @Test
    void moreThanFitAtOnceComeInTheirOrder() {
        for (int i = 0; i < 3_000; i++) {
            agent.changed(i, 0);
        }
        takeAll();
        assertEquals(3_000, taken.size());
        assertEquals("changed 2999", taken.getLast());
    }

    private void takeAll() {
        while (pending.fill()) {
            pending.take(reader);
        }
    }
}
