package io.gatun.forwarder.conntrack;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The first page of each region, native byte order.
 *
 * <pre>
 *   0               8        12       16       20       24       28       32
 *  +---------------+--------+--------+--------+--------+--------+--------+--------------+
 *  |magic          |layout  |regions |region  |buckets |slots / |line    |owner epoch   |
 *  |               |version |        |number  |        |bucket  |length  |(region 0)    |
 *  +---------------+--------+--------+--------+--------+--------+--------+--------------+
 * </pre>
 */
final class RegionHeader {
    /** Changes with the meaning of any byte of the table. */
    static final int LAYOUT_VERSION = 4;

    /** A page, so that no bucket straddles two. */
    static final int LENGTH = 4096;

    private static final long MAGIC = 0x4741_5455_4E46_4C4FL;
    private static final int MAGIC_OFFSET = 0;
    private static final int VERSION_OFFSET = 8;
    private static final int REGIONS_OFFSET = 12;
    private static final int NUMBER_OFFSET = 16;
    private static final int BUCKETS_OFFSET = 20;
    private static final int SLOTS_OFFSET = 24;
    private static final int SLOT_LENGTH_OFFSET = 28;
    private static final int EPOCH_OFFSET = 32;
    private static final int WIDE_REGIONS_OFFSET = 40;

    private RegionHeader() {}

    /** Writes the header of a new region, the magic last. */
    static void write(UnsafeBuffer header, int number, TableLayout layout) {
        header.putInt(VERSION_OFFSET, LAYOUT_VERSION);
        header.putInt(REGIONS_OFFSET, layout.regions());
        header.putInt(NUMBER_OFFSET, number);
        header.putInt(BUCKETS_OFFSET, layout.bucketsPerRegion(number));
        header.putInt(SLOTS_OFFSET, TableLayout.SLOTS_PER_BUCKET);
        header.putInt(SLOT_LENGTH_OFFSET, layout.slotLength(number));
        header.putInt(WIDE_REGIONS_OFFSET, layout.wideRegions());
        header.putLong(EPOCH_OFFSET, 0);
        header.putLongRelease(MAGIC_OFFSET, MAGIC);
    }

    /** What is wrong with the regions of an opened file, or null. */
    static String misfit(UnsafeBuffer[] headers, TableLayout layout) {
        for (int i = 0; i < headers.length; i++) {
            final UnsafeBuffer header = headers[i];
            if (header.getLongVolatile(MAGIC_OFFSET) != MAGIC
                    || header.getInt(VERSION_OFFSET) != LAYOUT_VERSION
                    || header.getInt(REGIONS_OFFSET) != layout.regions()
                    || header.getInt(NUMBER_OFFSET) != i
                    || header.getInt(BUCKETS_OFFSET) != layout.bucketsPerRegion(i)
                    || header.getInt(SLOTS_OFFSET) != TableLayout.SLOTS_PER_BUCKET
                    || header.getInt(SLOT_LENGTH_OFFSET) != layout.slotLength(i)
                    || header.getInt(WIDE_REGIONS_OFFSET) != layout.wideRegions()) {
                return "the header of region " + i + " is not one of layout " + LAYOUT_VERSION;
            }
        }
        return null;
    }

    static long nextEpoch(UnsafeBuffer first) {
        return first.getAndAddLong(EPOCH_OFFSET, 1) + 1;
    }
}
