package io.gatun.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class MachineClockTest {
    private static final List<String> STAT =
            List.of("cpu  10 20 30 400 500 60 70 800 0 0", "cpu0 1 2 3 40 50 6 7 80 0 0", "intr 1");

    @Test
    void idleWaitingAndStolenTimeAreNotBusy() {
        assertEquals(1_900_000_000L, MachineClock.parseNs(STAT, "cpu"));
        assertEquals(190_000_000L, MachineClock.parseNs(STAT, "cpu0"));
        assertTrue(MachineClock.busyNs() > 0);
    }

    @Test
    void aCpuThatIsNotThereIsNamed() {
        assertEquals(
                "/proc/stat has no line cpu7, is that CPU online?",
                assertThrows(IllegalStateException.class, () -> MachineClock.parseNs(STAT, "cpu7"))
                        .getMessage());
    }
}
