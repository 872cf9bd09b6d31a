package io.gatun.forwarder.conntrack;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Where things are. A line number counts 64-byte lines of a region; slot id = region, then 18 bits of line; bucket id =
 * region, then 14 bits of bucket, which is the slot id without its last four bits. Line 0 of a bucket is its header: 15
 * control words and the overflow count, lines 1 to 15 are the slots.
 */
final class Buckets {
    /** Buckets that a flow may be away from home; beyond it the table is full for that flow. */
    static final int MAX_PROBES = 8;

    private static final int LINE_SHIFT = 6;
    private static final int BUCKET_SHIFT = 10;
    private static final int SLOT_BITS = 4;
    private static final int BUCKET_BITS = 14;
    private static final int BUCKET_MASK = (1 << BUCKET_BITS) - 1;
    private static final int LINE_BITS = BUCKET_BITS + SLOT_BITS;
    private static final int LINE_MASK = (1 << LINE_BITS) - 1;
    private static final int OVERFLOW_OFFSET = TableLayout.SLOTS_PER_BUCKET * Integer.BYTES;

    final ControlMemory memory;
    final TableLayout layout;
    final int probes;
    private final UnsafeBuffer[] regions;
    private final int regionMask;
    private final int regionBits;
    private final int bucketMask;

    Buckets(TableLayout layout, UnsafeBuffer[] regions, ControlMemory memory) {
        this.layout = layout;
        this.regions = regions;
        this.memory = memory;
        regionMask = layout.regions() - 1;
        regionBits = Integer.numberOfTrailingZeros(layout.regions());
        bucketMask = layout.bucketsPerRegion() - 1;
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

    /** Bucket id of the {@code index}th bucket of the table. */
    int bucketAt(int index) {
        return ((index & regionMask) << BUCKET_BITS) | (index >>> regionBits);
    }

    UnsafeBuffer region(int bucketId) {
        return regions[bucketId >>> BUCKET_BITS];
    }

    static int headerOffset(int bucketId) {
        return (bucketId & BUCKET_MASK) << BUCKET_SHIFT;
    }

    static int slotOffset(int headerOffset, int slot) {
        return headerOffset + ((slot + 1) << LINE_SHIFT);
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

    static int bucketOfSlot(int slotId) {
        return slotId >>> SLOT_BITS;
    }

    static int slotOf(int slotId) {
        return (slotId & TableLayout.SLOTS_PER_BUCKET) - 1;
    }

    static int controlOffset(int slotId) {
        return headerOffset(bucketOfSlot(slotId)) + slotOf(slotId) * Integer.BYTES;
    }

    int control(int slotId) {
        return memory.acquire(regionOfSlot(slotId), controlOffset(slotId));
    }

    boolean compareAndSetControl(int slotId, int expected, int word) {
        return memory.compareAndSet(regionOfSlot(slotId), controlOffset(slotId), expected, word);
    }

    void releaseControl(int slotId, int word) {
        memory.release(regionOfSlot(slotId), controlOffset(slotId), word);
    }

    int overflow(UnsafeBuffer region, int headerOffset) {
        return memory.acquire(region, headerOffset + OVERFLOW_OFFSET);
    }

    void addOverflow(int bucketId, int delta) {
        memory.add(region(bucketId), headerOffset(bucketId) + OVERFLOW_OFFSET, delta);
    }

    /** Takes back the overflow counts that a flow with this control word left on its way from home to its bucket. */
    void leave(int word, int slotId) {
        final int bucketId = bucketOfSlot(slotId);
        for (int passed = home(word); passed != bucketId; passed = next(passed)) {
            addOverflow(passed, -1);
        }
    }

    /** Puts in the overflow counts that a flow with this control word needs to be found in its bucket. */
    void enter(int word, int slotId) {
        final int bucketId = bucketOfSlot(slotId);
        for (int passed = home(word); passed != bucketId; passed = next(passed)) {
            addOverflow(passed, 1);
        }
    }

    /** Makes every region empty memory, so that a use after close fails instead of reading unmapped pages. */
    void unmap() {
        for (final UnsafeBuffer region : regions) {
            region.wrap(0, 0);
        }
    }
}
