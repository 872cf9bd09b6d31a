package io.gatun.forwarder.conntrack;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** Linearizability: whatever the interleaving, the table behaves as a set of tuples behind one lock. */
@Param(name = "key", gen = IntGen.class, conf = "1:2")
public class FlowTableLincheckTest {
    private static final int NEIGHBOURS = 14;

    private final FlowTable table =
            FlowTable.inMemory(new TableLayout(1, 2), new TracedMemory(TableLayout.BUCKET_LENGTH));

    /** One free slot at home, so that a second flow overflows into the next bucket. */
    public FlowTableLincheckTest() {
        for (int i = 0; i < NEIGHBOURS; i++) {
            table.insert(Flows.colliding(100 + i), 0);
        }
    }

    @Operation
    public boolean insert(@Param(name = "key") int key) {
        final long result = table.insert(Flows.colliding(key), 0);
        return switch (Long.signum(result)) {
            case -1 -> {
                if (!FlowTable.isExisting(result)) {
                    throw new IllegalStateException(result == FlowTable.BUSY ? "busy" : "full");
                }
                yield false;
            }
            default -> true;
        };
    }

    @Operation
    public boolean find(@Param(name = "key") int key) {
        return Flows.findColliding(table, key) >= 0;
    }

    @Operation
    public boolean remove(@Param(name = "key") int key) {
        final long slotId = Flows.findColliding(table, key);
        return slotId >= 0 && table.remove(slotId, 0);
    }

    @Test
    void twoThreads() {
        check(new ModelCheckingOptions().threads(2).actorsPerThread(1).iterations(80), 2_000);
    }

    @Test
    void threeThreads() {
        check(new ModelCheckingOptions().threads(3).actorsPerThread(1).iterations(30), 1_500);
    }

    private static void check(ModelCheckingOptions options, int interleavings) {
        check(options, interleavings, FlowTableLincheckTest.class);
    }

    static void check(ModelCheckingOptions options, int interleavings, Class<?> test) {
        options.invocationsPerIteration(interleavings)
                .sequentialSpecification(LockedSet.class)
                .actorsBefore(1)
                .actorsAfter(1)
                .addGuarantee(ManagedStrategyGuaranteeKt.forClasses(name -> name.startsWith("org.agrona"))
                        .allMethods()
                        .ignore())
                .check(test);
    }

    /** What the table is compared with. */
    public static class LockedSet {
        private final Set<Integer> keys = new HashSet<>();

        public boolean insert(int key) {
            return keys.add(key);
        }

        public boolean find(int key) {
            return keys.contains(key);
        }

        public boolean remove(int key) {
            return keys.remove(key);
        }
    }

    /** Control words on the heap, where the model checker sees each access and may switch threads. */
    static final class TracedMemory extends ControlMemory {
        private static final int LINE_WORDS = TableLayout.LINE_LENGTH / Integer.BYTES;

        private final AtomicIntegerArray words = new AtomicIntegerArray(2 * LINE_WORDS);
        private final int bucketLength;

        TracedMemory(int bucketLength) {
            this.bucketLength = bucketLength;
        }

        @Override
        int acquire(long address) {
            return words.get(index(address));
        }

        @Override
        void release(long address, int value) {
            words.set(index(address), value);
        }

        @Override
        boolean compareAndSet(long address, int expected, int value) {
            return words.compareAndSet(index(address), expected, value);
        }

        @Override
        void add(long address, int delta) {
            words.addAndGet(index(address), delta);
        }

        /** Regions are page aligned, and a header is at the start of a line. */
        private int index(long address) {
            final int bucket = (int) (address / bucketLength) & 1;
            return bucket * LINE_WORDS + (int) (address % TableLayout.LINE_LENGTH) / Integer.BYTES;
        }
    }
}
