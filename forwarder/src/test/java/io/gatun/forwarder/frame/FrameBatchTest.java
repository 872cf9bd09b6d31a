package io.gatun.forwarder.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FrameBatchTest {
    private final FrameBatch batch = new FrameBatch();

    @Test
    void aFrameIsDroppedUntilSomebodyWantsIt() {
        batch.add(2048, 60);

        assertEquals(1, batch.size());
        assertEquals(2048, batch.offset(0));
        assertEquals(60, batch.length(0));
        assertVerdict(0, /* transmit= */ false, /* drop= */ true, /* hold= */ false);
    }

    @Test
    void theLastVerdictCounts() {
        batch.add(0, 60);

        batch.transmit(0, 54);
        assertEquals(54, batch.length(0));
        assertVerdict(0, /* transmit= */ true, /* drop= */ false, /* hold= */ false);
        batch.hold(0);
        assertVerdict(0, /* transmit= */ false, /* drop= */ false, /* hold= */ true);
        batch.drop(0);
        assertVerdict(0, /* transmit= */ false, /* drop= */ true, /* hold= */ false);
    }

    @Test
    void aClearedBatchHasForgottenItsVerdicts() {
        for (int i = 0; i < FrameBatch.CAPACITY; i++) {
            batch.add(i * 4096, 60 + i);
            batch.transmit(i, 60 + i);
        }
        assertEquals(FrameBatch.CAPACITY, batch.size());

        batch.clear();
        assertEquals(0, batch.size());
        batch.add(7, 61);
        assertVerdict(0, /* transmit= */ false, /* drop= */ true, /* hold= */ false);
    }

    private void assertVerdict(int i, boolean transmit, boolean drop, boolean hold) {
        assertEquals(transmit, batch.isTransmit(i));
        assertEquals(drop, batch.isDrop(i));
        assertEquals(hold, batch.isHeld(i));
        assertTrue(transmit || drop || hold);
        assertFalse(transmit && drop);
    }
}
