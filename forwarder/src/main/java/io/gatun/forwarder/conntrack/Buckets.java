package io.gatun.forwarder.conntrack;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Where things are. A line number counts 64-byte lines of a region; slot id = region, then 18 bits of line; bucket id =
 * region, then 14 bits of bucket, which is the slot id without its last four bits. Line 0 of a bucket is its header: 15
 * control words and the overflow count, lines 1 to 15 are the slots.
 *
 * <p>Addresses are raw: masks keep them inside a region, and a bounds check at each access of a lookup cost as much as
 * the lookup.
 */
final class Buckets {
    /** Buckets that a flow may be away from home; beyond it the table is full for that flow. */
    static final int MAX_PROBES = 16;

    private static final int LINE_SHIFT = 6;
    private static final int BUCKET_SHIFT = 10;
    private static final int SLOT_BITS = 4;
    private static final int BUCKET_BITS = 14;
    private static final int BUCKET_MASK = (1 << BUCKET_BITS) - 1;
    private static final int LINE_BITS = BUCKET_BITS + SLOT_BITS;
    private static final int LINE_MASK = (1 << LINE_BITS) - 1;
    private static final int WORD_SHIFT = 2;
    private static final int OVERFLOW_OFFSET = TableLayout.SLOTS_PER_BUCKET << WORD_SHIFT;

    final ControlMemory memory;
    final TableLayout layout;
    final int probes;
    private final UnsafeBuffer[] regions;
    private final long[] bases;
    private final int regionMask;
    private final int regionBits;
    private final int bucketMask;
    private final int bucketBits;

    Buckets(TableLayout layout, UnsafeBuffer[] regions, ControlMemory memory) {
        this.layout = layout;
        this.regions = regions;
        this.memory = memory;
        bases = new long[regions.length];
        for (int i = 0; i < bases.length; i++) {
            bases[i] = regions[i].addressOffset();
        }
        regionMask = layout.regions() - 1;
        regionBits = Integer.numberOfTrailingZeros(layout.regions());
        bucketMask = layout.bucketsPerRegion() - 1;
        bucketBits = Integer.numberOfTrailingZeros(layout.bucketsPerRegion());
        probes = Math.min(MAX_PROBES, layout.bucketsPerRegion());
    }

    /** Home bucket id of a hash, or of a control word that carries it. */
    int home(int hashOrWord) {
        final int bits = Control.homeBits(hashOrWord);
        return ((bits & regionMask) << BUCKET_BITS) | ((bits >>> regionBits) & bucketMask);
    }

    int next(int bucketId) {
        return (bucketId & ~BUCKET_MASK) | ((bucketId + 1) & bucketMask);
    }

    /** Bucket id of the {@code index}th bucket of the table, in the order of memory. */
    int bucketAt(int index) {
        return ((index >>> bucketBits) << BUCKET_BITS) | (index & bucketMask);
    }

    /** The inverse of {@link #bucketAt}. */
    int indexOf(int bucketId) {
        return ((bucketId >>> BUCKET_BITS) << bucketBits) | (bucketId & BUCKET_MASK);
    }

    /** Address of a bucket, which is that of its first control word. */
    long address(int bucketId) {
        return base(bucketId >>> BUCKET_BITS) + ((long) (bucketId & BUCKET_MASK) << BUCKET_SHIFT);
    }

    /** Address of a control word of the bucket at {@code bucketAddress}. */
    static long controlAddress(long bucketAddress, int slot) {
        return bucketAddress + ((long) slot << WORD_SHIFT);
    }

    /** Address of a slot of the bucket at {@code bucketAddress}. */
    static long slotAddress(long bucketAddress, int slot) {
        return bucketAddress + ((long) (slot + 1) << LINE_SHIFT);
    }

    static int slotId(int bucketId, int slot) {
        return (bucketId << SLOT_BITS) | (slot + 1);
    }

    UnsafeBuffer regionOfSlot(int slotId) {
        return regions[slotId >>> LINE_BITS];
    }

    static int offsetOfSlot(int slotId) {
        return (slotId & LINE_MASK) << LINE_SHIFT;
    }

    /** Address of a slot. */
    long addressOfSlot(int slotId) {
        return base(slotId >>> LINE_BITS) + offsetOfSlot(slotId);
    }

    static int bucketOfSlot(int slotId) {
        return slotId >>> SLOT_BITS;
    }

    static int slotOf(int slotId) {
        return (slotId & TableLayout.SLOTS_PER_BUCKET) - 1;
    }

    private long addressOfControl(int slotId) {
        return controlAddress(address(bucketOfSlot(slotId)), slotOf(slotId));
    }

    private long base(int region) {
        final long base = bases[region];
        if (base == 0) {
            throw new IllegalStateException("connection table is closed");
        }
        return base;
    }

    int control(int slotId) {
        return memory.acquire(addressOfControl(slotId));
    }

    boolean compareAndSetControl(int slotId, int expected, int word) {
        return memory.compareAndSet(addressOfControl(slotId), expected, word);
    }

    void releaseControl(int slotId, int word) {
        memory.release(addressOfControl(slotId), word);
    }

    /** Flows that passed the bucket at this address because it was full. */
    int overflow(long bucketAddress) {
        return memory.acquire(bucketAddress + OVERFLOW_OFFSET);
    }

    void addOverflow(int bucketId, int delta) {
        memory.add(address(bucketId) + OVERFLOW_OFFSET, delta);
    }

    /** Takes back the overflow counts that a flow with this control word left on its way from home to its bucket. */
    void leave(int word, int slotId) {
        final int bucketId = bucketOfSlot(slotId);
        for (int passed = home(word); passed != bucketId; passed = next(passed)) {
            addOverflow(passed, -1);
        }
    }

    /** Forgets every region, so that a use after close fails instead of reading unmapped pages. */
    void unmap() {
        for (int i = 0; i < bases.length; i++) {
            bases[i] = 0;
            regions[i].wrap(0, 0);
        }
    }
}
