package io.gatun.forwarder.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two threads meet at the same tuple, again and again: one inserts it, the other learns where it is. */
class FlowTableRaceTest {
    private final FlowTable table = FlowTable.inMemory(new TableLayout(1, 1024));
    private final AtomicInteger arrived = new AtomicInteger();
    private final AtomicBoolean failed = new AtomicBoolean();
    private long[][] results;

    @ParameterizedTest
    @CsvSource({"IPV4, 30000", "IPV6, 15000"})
    void oneOfTwoSimultaneousInsertsSucceeds(Family family, int rounds) throws Exception {
        results = new long[2][rounds];
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            final Future<?> one = threads.submit(() -> insertAllOrFail(family, 0));
            final Future<?> two = threads.submit(() -> insertAllOrFail(family, 1));
            one.get();
            two.get();
        }
        for (int round = 0; round < rounds; round++) {
            final long first = results[0][round];
            final long second = results[1][round];
            assertTrue((first >= 0) != (second >= 0), "round " + round + ": " + first + " and " + second);
            assertEquals(Math.max(first, second), FlowTable.existing(Math.min(first, second)), "round " + round);
        }
        assertEquals(0, table.liveCount());
        assertEquals(0, Flows.overflowSum(table));
    }

    private void insertAllOrFail(Family family, int thread) {
        try {
            insertAll(family, thread);
        } catch (RuntimeException | Error e) {
            failed.set(true);
            throw e;
        }
    }

    /** Each round both threads insert one tuple; when both have, thread 0 removes it and sweeps now and then. */
    private void insertAll(Family family, int thread) {
        final FlowDraft draft = new FlowDraft();
        for (int round = 0; round < results[thread].length; round++) {
            family.fill(draft, round, family.hash(round));
            meet(round * 2 + 1);
            results[thread][round] = table.insert(draft, round);
            meet(round * 2 + 2);
            if (thread == 0) {
                table.remove(family.find(table, round), round);
                table.sweep(round, 32, flow -> 1 << 29);
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
