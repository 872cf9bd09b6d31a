package io.gatun.forwarder.conntrack;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Where things are. A bucket is 16 units, of one line of 64 bytes in narrow regions and of two in wide ones: unit 0
 * begins with the header line, 15 control words and the overflow count, units 1 to 15 are the slots. Unit {@code u} of
 * bucket {@code b} lies at place {@code u ^ (b & 15)} of its bucket: with all headers at the first place they would
 * share a sixteenth of the sets of each cache. A slot id is
 *
 * <pre>
 *   bit 25   bits 24-18   bits 17-4   bits 3-0
 *  +--------+------------+-----------+--------+
 *  | wide   | region     | bucket    | unit   |
 *  +--------+------------+-----------+--------+
 * </pre>
 *
 * where unit is u, not its place, and a bucket id is the slot id without its last four bits. So the upper bits count the narrow regions from 0 and the
 * wide ones from 128, and the wide bit, added to a shift, doubles the unit: no branch tells the kinds apart.
 *
 * <p>Addresses are raw: masks keep them inside a region, and a bounds check at each access of a lookup cost as much as
 * the lookup.
 */
final class Buckets {
    static final int BUCKET_BITS = 14;
    static final int BUCKET_MASK = (1 << BUCKET_BITS) - 1;

    private static final int LINE_SHIFT = 6;
    private static final int UNIT_BITS = 4;
    private static final int UNIT_MASK = (1 << UNIT_BITS) - 1;
    private static final int REGION_BITS = 7;
    private static final int FIRST_WIDE_REGION = 1 << REGION_BITS;
    private static final int WIDE_BUCKET_BIT = REGION_BITS + BUCKET_BITS;
    private static final int WIDE_SLOT_BIT = WIDE_BUCKET_BIT + UNIT_BITS;
    private static final int UNITS_BITS = BUCKET_BITS + UNIT_BITS;
    private static final int UNITS_MASK = (1 << UNITS_BITS) - 1;
    private static final int WORD_SHIFT = 2;
    private static final int OVERFLOW_OFFSET = TableLayout.SLOTS_PER_BUCKET << WORD_SHIFT;

    final ControlMemory memory;
    final TableLayout layout;
    final ProbeOrder narrow;
    final ProbeOrder wide;
    private final UnsafeBuffer[] regions;
    private final long[] bases;

    /** Regions are in the order of {@link TableLayout#allRegions}. */
    Buckets(TableLayout layout, UnsafeBuffer[] regions, ControlMemory memory) {
        this.layout = layout;
        this.regions = regions;
        this.memory = memory;
        narrow = new ProbeOrder(0, layout.regions(), layout.bucketsPerRegion());
        wide = new ProbeOrder(1 << WIDE_BUCKET_BIT, layout.wideRegions(), layout.wideBucketsPerRegion());
        bases = new long[FIRST_WIDE_REGION + layout.wideRegions()];
        for (int i = 0; i < regions.length; i++) {
            final int place = i < layout.regions() ? i : FIRST_WIDE_REGION + i - layout.regions();
            bases[place] = regions[i].addressOffset();
        }
    }

    /** All buckets, narrow ones first. */
    int count() {
        return narrow.count + wide.count;
    }

    /** Bucket id of the {@code index}th bucket of the table, in the order of memory. */
    int bucketAt(int index) {
        return index < narrow.count ? narrow.bucketAt(index) : wide.bucketAt(index - narrow.count);
    }

    /** The inverse of {@link #bucketAt}. */
    int indexOf(int bucketId) {
        return isWideBucket(bucketId) ? narrow.count + wide.indexOf(bucketId) : narrow.indexOf(bucketId);
    }

    /** The order to which a bucket belongs. */
    ProbeOrder orderOf(int bucketId) {
        return isWideBucket(bucketId) ? wide : narrow;
    }

    private static boolean isWideBucket(int bucketId) {
        return bucketId >>> WIDE_BUCKET_BIT != 0;
    }

    static boolean isWideSlot(int slotId) {
        return slotId >>> WIDE_SLOT_BIT != 0;
    }

    /** Address of a bucket's header, which is that of its first control word. */
    long address(int bucketId) {
        return base(bucketId >>> BUCKET_BITS)
                + ((long) headerPlace(bucketId) << (LINE_SHIFT + (bucketId >>> WIDE_BUCKET_BIT)));
    }

    /** Places before a bucket's header in its region. */
    private static int headerPlace(int bucketId) {
        return ((bucketId & BUCKET_MASK) << UNIT_BITS) | (bucketId & UNIT_MASK);
    }

    /** {@link #address} of a bucket that is known to be narrow. */
    long narrowAddress(int bucketId) {
        return base(bucketId >>> BUCKET_BITS) + ((long) headerPlace(bucketId) << LINE_SHIFT);
    }

    /** {@link #address} of a bucket that is known to be wide. */
    long wideAddress(int bucketId) {
        return base(bucketId >>> BUCKET_BITS) + ((long) headerPlace(bucketId) << (LINE_SHIFT + 1));
    }

    /** Address of a control word of the bucket whose header is at {@code bucketAddress}. */
    static long controlAddress(long bucketAddress, int slot) {
        return bucketAddress + ((long) slot << WORD_SHIFT);
    }

    /** Address of a slot of the narrow bucket whose header is at {@code bucketAddress}. */
    static long narrowSlotAddress(long bucketAddress, int slot) {
        return bucketAddress ^ ((long) (slot + 1) << LINE_SHIFT);
    }

    /** Address of a slot of the wide bucket whose header is at {@code bucketAddress}. */
    static long wideSlotAddress(long bucketAddress, int slot) {
        return bucketAddress ^ ((long) (slot + 1) << (LINE_SHIFT + 1));
    }

    static int slotId(int bucketId, int slot) {
        return (bucketId << UNIT_BITS) | (slot + 1);
    }

    UnsafeBuffer regionOfSlot(int slotId) {
        final int place = slotId >>> UNITS_BITS;
        return regions[isWideSlot(slotId) ? layout.regions() + place - FIRST_WIDE_REGION : place];
    }

    static int offsetOfSlot(int slotId) {
        final int place = (slotId ^ ((slotId >>> UNIT_BITS) & UNIT_MASK)) & UNITS_MASK;
        return place << (LINE_SHIFT + (slotId >>> WIDE_SLOT_BIT));
    }

    /** Address of a slot. */
    long addressOfSlot(int slotId) {
        return base(slotId >>> UNITS_BITS) + offsetOfSlot(slotId);
    }

    static int bucketOfSlot(int slotId) {
        return slotId >>> UNIT_BITS;
    }

    static int slotOf(int slotId) {
        return (slotId & TableLayout.SLOTS_PER_BUCKET) - 1;
    }

    private long addressOfControl(int slotId) {
        return controlAddress(address(bucketOfSlot(slotId)), slotOf(slotId));
    }

    private long base(int place) {
        final long base = bases[place];
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
        final ProbeOrder order = orderOf(bucketId);
        for (int passed = order.home(word); passed != bucketId; passed = order.next(passed)) {
            addOverflow(passed, -1);
        }
    }

    /** Forgets every region, so that a use after close fails instead of reading unmapped pages. */
    void unmap() {
        Arrays.fill(bases, 0);
        for (final UnsafeBuffer region : regions) {
            region.wrap(0, 0);
        }
    }
}
