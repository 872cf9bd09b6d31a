package io.gatun.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TaskClockTest {
    @Test
    void aNameWithSpacesAndBracketsDoesNotShiftTheFields() {
        String line = "4711 (napi/eth0-8) x) S 2 0 0 0 -1 69238880 0 0 0 0 25 1250 0 0 20 0 1 0 100 0 0\n";
        assertEquals(12_750_000_000L, TaskClock.parseNs(line));
    }

    @Test
    void thisProcessHasUsedSome() {
        TaskClock clock = new TaskClock(ProcessHandle.current().pid());
        long before = clock.cpuNs();
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (clock.cpuNs() == before && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
        }
        assertEquals(true, clock.cpuNs() > before);
    }
}
