package io.gatun.forwarder.conntrack;

/**
 * Shape of a table: {@code regions} arrays of {@code bucketsPerRegion} buckets, both powers of two. A bucket is 1,024
 * bytes: one header line and 15 slots of 64 bytes.
 *
 * @param regions 1 to 128
 * @param bucketsPerRegion 1 to 16,384, which fills a region of 16 MiB
 */
public record TableLayout(int regions, int bucketsPerRegion) {
    /** Bytes of a cache line, and of a slot. */
    public static final int LINE_LENGTH = 64;

    /** Bytes of a bucket: a line of control words, then the slots. */
    public static final int BUCKET_LENGTH = 1024;

    /** Slots of a bucket. */
    public static final int SLOTS_PER_BUCKET = 15;

    /** Buckets of a full region. */
    public static final int MAX_BUCKETS_PER_REGION = 16_384;

    private static final int MAX_REGIONS = 128;

    /** Two used, one free: the first flow is refused when about four of five slots are taken. */
    private static final int SLOTS_PER_CONNECTION = 3;

    public TableLayout {
        requirePowerOfTwo("regions", regions, MAX_REGIONS);
        requirePowerOfTwo("bucketsPerRegion", bucketsPerRegion, MAX_BUCKETS_PER_REGION);
    }

    /** Full regions, each 16 MiB and 245,760 slots; a connection takes two slots. */
    public static TableLayout ofRegions(int regions) {
        return new TableLayout(regions, MAX_BUCKETS_PER_REGION);
    }

    /** The smallest table of full regions in which so many connections, two slots each, fill two slots of three. */
    public static TableLayout forConnections(long connections) {
        int regions = 1;
        while (regions < MAX_REGIONS && ofRegions(regions).slots() < SLOTS_PER_CONNECTION * connections) {
            regions <<= 1;
        }
        if (connections < 1 || ofRegions(regions).slots() < SLOTS_PER_CONNECTION * connections) {
            throw new IllegalArgumentException("connections=" + connections + " is not between 1 and "
                    + ofRegions(MAX_REGIONS).slots() / SLOTS_PER_CONNECTION + ", choose a number in that range");
        }
        return ofRegions(regions);
    }

    /** All buckets. */
    public int buckets() {
        return regions * bucketsPerRegion;
    }

    /** All slots, that is directions of connections. */
    public long slots() {
        return (long) buckets() * SLOTS_PER_BUCKET;
    }

    /** Bytes of the buckets of one region. */
    public int regionLength() {
        return bucketsPerRegion * BUCKET_LENGTH;
    }

    private static void requirePowerOfTwo(String field, int value, int max) {
        if (value < 1 || value > max || Integer.bitCount(value) != 1) {
            throw new IllegalArgumentException(
                    field + "=" + value + " is not a power of two up to " + max + ", choose one");
        }
    }
}
