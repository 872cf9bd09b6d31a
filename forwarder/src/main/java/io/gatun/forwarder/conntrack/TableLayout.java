package io.gatun.forwarder.conntrack;

/**
 * Shape of a table: {@code regions} arrays of {@code bucketsPerRegion} buckets with slots for IPv4, and after them the
 * wide ones with slots for IPv6; all powers of two. A bucket is a header line and 15 slots: 1,024 bytes with slots of
 * 64 bytes, 2,048 with wide slots of 128.
 *
 * @param regions 1 to 128
 * @param bucketsPerRegion 1 to 16,384, which fills a region of 16 MiB
 * @param wideRegions 1 to 128
 * @param wideBucketsPerRegion 1 to 8,192, which fills a region of 16 MiB
 */
public record TableLayout(int regions, int bucketsPerRegion, int wideRegions, int wideBucketsPerRegion) {
    /** Bytes of a cache line, and of a slot for IPv4. */
    public static final int LINE_LENGTH = 64;

    /** Bytes of a slot for IPv6. */
    public static final int WIDE_SLOT_LENGTH = 2 * LINE_LENGTH;

    /** Bytes of a bucket: a line of control words, then the slots. */
    public static final int BUCKET_LENGTH = 1024;

    /** Bytes of a wide bucket: a line of control words, an unused one, then the slots. */
    public static final int WIDE_BUCKET_LENGTH = 2 * BUCKET_LENGTH;

    /** Slots of a bucket, narrow or wide. */
    public static final int SLOTS_PER_BUCKET = 15;

    /** Bytes of the buckets of a full region. */
    public static final int MAX_REGION_LENGTH = 1 << 24;

    /** Buckets of a full region. */
    public static final int MAX_BUCKETS_PER_REGION = MAX_REGION_LENGTH / BUCKET_LENGTH;

    /** Buckets of a full wide region. */
    public static final int MAX_WIDE_BUCKETS_PER_REGION = MAX_REGION_LENGTH / WIDE_BUCKET_LENGTH;

    private static final int MAX_REGIONS = 128;

    /** Two used, one free: the first flow is refused when about four of five slots are taken. */
    private static final int SLOTS_PER_CONNECTION = 3;

    public TableLayout {
        requirePowerOfTwo("regions", regions, MAX_REGIONS);
        requirePowerOfTwo("bucketsPerRegion", bucketsPerRegion, MAX_BUCKETS_PER_REGION);
        requirePowerOfTwo("wideRegions", wideRegions, MAX_REGIONS);
        requirePowerOfTwo("wideBucketsPerRegion", wideBucketsPerRegion, MAX_WIDE_BUCKETS_PER_REGION);
    }

    /** A table whose wide part has the same shape, or full regions where that would be more than full. */
    public TableLayout(int regions, int bucketsPerRegion) {
        this(regions, bucketsPerRegion, regions, Math.min(bucketsPerRegion, MAX_WIDE_BUCKETS_PER_REGION));
    }

    /**
     * Full regions, so many of each kind, each 16 MiB: 245,760 slots, or 122,880 wide ones; a connection takes two
     * slots.
     */
    public static TableLayout ofRegions(int regions) {
        return new TableLayout(regions, MAX_BUCKETS_PER_REGION);
    }

    /**
     * The smallest table of full regions in which so many connections of IPv4, and half as many of IPv6, two slots each,
     * fill two slots of three.
     */
    public static TableLayout forConnections(long connections) {
        final long max = slots(MAX_REGIONS, MAX_BUCKETS_PER_REGION) / SLOTS_PER_CONNECTION;
        if (connections < 1 || connections > max) {
            throw new IllegalArgumentException(
                    "connections=" + connections + " is not between 1 and " + max + ", choose a number in that range");
        }
        return new TableLayout(
                regionsFor(connections, MAX_BUCKETS_PER_REGION),
                MAX_BUCKETS_PER_REGION,
                regionsFor((connections + 1) / 2, MAX_WIDE_BUCKETS_PER_REGION),
                MAX_WIDE_BUCKETS_PER_REGION);
    }

    private static int regionsFor(long connections, int bucketsPerRegion) {
        int regions = 1;
        while (slots(regions, bucketsPerRegion) < SLOTS_PER_CONNECTION * connections) {
            regions <<= 1;
        }
        return regions;
    }

    private static long slots(int regions, int bucketsPerRegion) {
        return (long) regions * bucketsPerRegion * SLOTS_PER_BUCKET;
    }

    /** All regions: first those for IPv4, then the wide ones. */
    public int allRegions() {
        return regions + wideRegions;
    }

    /** Slots for IPv4, that is directions of connections. */
    public long narrowSlots() {
        return slots(regions, bucketsPerRegion);
    }

    /** Slots for IPv6, that is directions of connections. */
    public long wideSlots() {
        return slots(wideRegions, wideBucketsPerRegion);
    }

    /** All slots. */
    public long slots() {
        return narrowSlots() + wideSlots();
    }

    /** Buckets of one of {@link #allRegions}. */
    int bucketsPerRegion(int region) {
        return region < regions ? bucketsPerRegion : wideBucketsPerRegion;
    }

    /** Bytes of a slot of one of {@link #allRegions}. */
    int slotLength(int region) {
        return region < regions ? LINE_LENGTH : WIDE_SLOT_LENGTH;
    }

    /** Bytes of the buckets of one of {@link #allRegions}. */
    int regionLength(int region) {
        return bucketsPerRegion(region) * (SLOTS_PER_BUCKET + 1) * slotLength(region);
    }

    /** Bytes of the buckets of all regions. */
    public long lengthBytes() {
        return (long) regions * regionLength(0) + (long) wideRegions * regionLength(regions);
    }

    private static void requirePowerOfTwo(String field, int value, int max) {
        if (value < 1 || value > max || Integer.bitCount(value) != 1) {
            throw new IllegalArgumentException(
                    field + "=" + value + " is not a power of two up to " + max + ", choose one");
        }
    }
}
