package io.gatun.forwarder.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Two threads meet at the same tuple, again and again: one inserts it, the other learns where it is. */
class FlowTableRaceTest {
    private static final int ROUNDS = 30_000;

    private final FlowTable table = FlowTable.inMemory(new TableLayout(1, 1024));
    private final AtomicInteger arrived = new AtomicInteger();
    private final AtomicBoolean failed = new AtomicBoolean();
    private final long[][] results = new long[2][ROUNDS];

    @Test
    void oneOfTwoSimultaneousInsertsSucceeds() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            final Future<?> one = threads.submit(() -> insertAllOrFail(0));
            final Future<?> two = threads.submit(() -> insertAllOrFail(1));
            one.get();
            two.get();
        }
        for (int round = 0; round < ROUNDS; round++) {
            final long first = results[0][round];
            final long second = results[1][round];
            assertTrue((first >= 0) != (second >= 0), "round " + round + ": " + first + " and " + second);
            assertEquals(Math.max(first, second), FlowTable.existing(Math.min(first, second)), "round " + round);
        }
        assertEquals(0, table.liveCount());
        assertEquals(0, Flows.overflowSum(table));
    }

    private void insertAllOrFail(int thread) {
        try {
            insertAll(thread);
        } catch (RuntimeException | Error e) {
            failed.set(true);
            throw e;
        }
    }

    /** Each round both threads insert one tuple; when both have, thread 0 removes it and sweeps now and then. */
    private void insertAll(int thread) {
        final FlowDraft draft = new FlowDraft();
        for (int round = 0; round < ROUNDS; round++) {
            Flows.fill(draft, round);
            meet(round * 2 + 1);
            results[thread][round] = table.insert(draft, round);
            meet(round * 2 + 2);
            if (thread == 0) {
                table.remove(Flows.find(table, round), round);
                table.sweep(round, 16, flow -> 1 << 29);
            }
        }
    }

    /** Spins, so that both leave at once; gives way in case the other one has no core, and up when it failed. */
    @SuppressWarnings("ThreadPriorityCheck")
    private void meet(int meeting) {
        arrived.incrementAndGet();
        int spins = 0;
        while (arrived.get() < meeting * 2 && !failed.get()) {
            if (++spins % 1_000 == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }
}
