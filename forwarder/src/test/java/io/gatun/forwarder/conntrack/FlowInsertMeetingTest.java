package io.gatun.forwarder.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two inserts of one tuple, the second one run whole at a chosen step of the first: what threads do by chance. */
class FlowInsertMeetingTest {
    private final MeetingMemory memory = new MeetingMemory();
    private final FlowTable table = FlowTable.inMemory(new TableLayout(1, 2), memory);
    private long second;

    @ParameterizedTest
    @EnumSource
    void whoPublishesLaterFindsTheOtherAlive(Family family) {
        meetAt(Control.CLAIMED, family);

        assertOneIsLeft(family, table.insert(family.colliding(1), 0));
    }

    @ParameterizedTest
    @EnumSource
    void whoScansLaterKillsTheOneThatIsPending(Family family) {
        meetAt(Control.LIVE, family);

        assertOneIsLeft(family, table.insert(family.colliding(1), 0));
    }

    private void meetAt(int state, Family family) {
        memory.step = state;
        memory.meeting = () -> second = table.insert(family.colliding(1), 0);
    }

    private void assertOneIsLeft(Family family, long first) {
        assertNull(memory.meeting, "the inserts met");
        assertTrue(second >= 0);
        assertTrue(FlowTable.isExisting(first), "the first: " + first);
        assertEquals(second, FlowTable.existing(first));
        assertEquals(second, family.findColliding(table, 1));
        assertEquals(1, table.liveCount());
        assertEquals(1, table.forEachLive((flow, slotId) -> {}, Integer.MAX_VALUE));
        assertEquals(0, Flows.overflowSum(table));
    }

    /** Does something, once, before the first change of a control word to the state given. */
    private static final class MeetingMemory extends ControlMemory {
        private int step;
        private Runnable meeting;

        @Override
        boolean compareAndSet(long address, int expected, int value) {
            if (meeting != null && Control.state(value) == step) {
                final Runnable now = meeting;
                meeting = null;
                now.run();
            }
            return super.compareAndSet(address, expected, value);
        }
    }
}
