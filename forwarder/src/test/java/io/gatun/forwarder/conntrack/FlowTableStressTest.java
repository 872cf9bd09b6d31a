package io.gatun.forwarder.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Four threads on the same few tuples, all with one hash, in buckets too small for them. The sweeper advances the clock
 * by a third of {@link FlowTable#GRACE_TICKS} whenever every thread has passed a duty cycle: in the first third a
 * removal may still bear the old tick, in the second it has been made, and after the third nobody holds the slot. In
 * life a second is many duty cycles.
 */
class FlowTableStressTest {
    private static final int THREADS = 4;
    private static final int KEYS = 40;
    private static final int OPERATIONS = 150_000;
    private static final int CYCLE = 16;
    private static final int STEP_TICKS = FlowTable.GRACE_TICKS / 3 + 1;

    private final FlowTable table = FlowTable.inMemory(new TableLayout(1, 4));
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final AtomicIntegerArray cycles = new AtomicIntegerArray(THREADS);
    private final AtomicIntegerArray inserted = new AtomicIntegerArray(KEYS);
    private final AtomicIntegerArray removed = new AtomicIntegerArray(KEYS);

    @ParameterizedTest
    @CsvSource({"IPV4, 1", "IPV4, 20260101", "IPV6, 1", "IPV6, 424242"})
    void nothingIsDoubledLostOrRemovedTwice(Family family, long seed) throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            final Future<Integer> sweeper = threads.submit(this::sweep);
            final CyclicBarrier start = new CyclicBarrier(THREADS);
            final List<Future<Void>> workers = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                workers.add(threads.submit(worker(family, thread, seed, start)));
            }
            try {
                for (final Future<Void> worker : workers) {
                    worker.get();
                }
            } finally {
                // A worker that failed passes no more cycles: the sweeper would wait for it for ever.
                running.set(false);
            }
            assertTrue(sweeper.get() > 0, "slots were reused");
        }
        assertBooksBalance(family);
    }

    private Callable<Void> worker(Family family, int thread, long seed, CyclicBarrier start) {
        return () -> {
            final SplittableRandom random = new SplittableRandom(seed + thread);
            final FlowDraft draft = new FlowDraft();
            final FlowSlot slot = new FlowSlot();
            start.await();
            for (int i = 0; i < OPERATIONS; i++) {
                if (i % CYCLE == 0) {
                    cycles.incrementAndGet(thread);
                }
                final int key = random.nextInt(KEYS);
                if (random.nextInt(100) < 60) {
                    insert(family, draft, slot, key);
                } else {
                    remove(family, slot, key);
                }
            }
            cycles.set(thread, Integer.MAX_VALUE);
            return null;
        };
    }

    private void insert(Family family, FlowDraft draft, FlowSlot slot, int key) {
        family.fill(draft, key, 0).service(key, 0);
        final long result = table.insert(draft, now.get());
        if (result >= 0) {
            inserted.incrementAndGet(key);
        } else if (FlowTable.isExisting(result)) {
            assertEquals(key, table.wrap(slot, FlowTable.existing(result)).serviceId());
        }
    }

    private void remove(Family family, FlowSlot slot, int key) {
        final long slotId = family.findColliding(table, key);
        if (slotId >= 0) {
            assertEquals(key, table.wrap(slot, slotId).serviceId());
            if (table.remove(slotId, now.get())) {
                removed.incrementAndGet(key);
            }
        }
    }

    private int sweep() {
        final int[] seen = new int[THREADS];
        int passes = 0;
        while (running.get()) {
            for (int thread = 0; thread < THREADS; thread++) {
                seen[thread] = cycles.get(thread);
            }
            awaitNextCycle(seen);
            now.addAndGet(STEP_TICKS);
            table.sweep(now.get(), 8, flow -> 1 << 29);
            assertNoTupleTwice();
            passes++;
        }
        return passes;
    }

    /** A cycle that began after the look is over when the count has grown by two. */
    private void awaitNextCycle(int[] seen) {
        for (int thread = 0; thread < THREADS; thread++) {
            while (running.get() && cycles.get(thread) != Integer.MAX_VALUE && cycles.get(thread) < seen[thread] + 2) {
                Thread.onSpinWait();
            }
        }
    }

    /** Two slots of one tuple, both alive while the other was looked at twice. */
    private void assertNoTupleTwice() {
        final long[] slotOf = new long[KEYS];
        table.forEachLive((flow, slotId) -> slotOf[flow.serviceId()] = slotId + 1, Integer.MAX_VALUE);
        table.forEachLive(
                (flow, slotId) -> {
                    final long other = slotOf[flow.serviceId()] - 1;
                    if (other >= 0 && other != slotId) {
                        assertTrue(
                                !bothLive(other, slotId, flow.serviceId()),
                                "tuple " + flow + " is in slots " + other + " and " + slotId);
                    }
                },
                Integer.MAX_VALUE);
    }

    private boolean bothLive(long one, long two, int key) {
        final FlowSlot first = new FlowSlot();
        final FlowSlot second = new FlowSlot();
        table.wrap(first, one);
        table.wrap(second, two);
        final int firstSequence = first.sequence();
        final boolean firstBefore = table.isLive(one) && first.serviceId() == key;
        final int secondSequence = second.sequence();
        final boolean secondLive = table.isLive(two) && second.serviceId() == key;
        final boolean firstAfter = table.isLive(one) && first.sequence() == firstSequence;
        return firstBefore && secondLive && firstAfter && second.sequence() == secondSequence;
    }

    private void assertBooksBalance(Family family) {
        final FlowSlot slot = new FlowSlot();
        int alive = 0;
        for (int key = 0; key < KEYS; key++) {
            final int balance = inserted.get(key) - removed.get(key);
            final long slotId = family.findColliding(table, key);
            assertEquals(balance == 1, slotId >= 0, "key " + key + " inserted minus removed " + balance);
            assertTrue(balance == 0 || balance == 1, "key " + key + " inserted minus removed " + balance);
            alive += balance;
            if (slotId >= 0) {
                assertEquals(key, table.wrap(slot, slotId).serviceId());
            }
        }
        assertEquals(alive, table.liveCount());
        assertEquals(alive, removeByService());
        assertEquals(0, Flows.overflowSum(table));
        assertEquals(0, unfinished());
    }

    /** Finds them by the marks that inserters and the sweeper set and cleared at once. */
    private int removeByService() {
        int found = 0;
        for (int key = 0; key < KEYS; key++) {
            found += table.removeIf(key, flow -> true, now.get());
        }
        return found;
    }

    private int unfinished() {
        int unfinished = 0;
        for (int bucket = 0; bucket < table.buckets.count(); bucket++) {
            for (int slot = 0; slot < TableLayout.SLOTS_PER_BUCKET; slot++) {
                final int state =
                        Control.state(table.buckets.control(Buckets.slotId(table.buckets.bucketAt(bucket), slot)));
                unfinished += state == Control.FREE || state == Control.DEAD ? 0 : 1;
            }
        }
        return unfinished;
    }
}
