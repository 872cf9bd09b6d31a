package io.gatun.forwarder.conntrack;

/**
 * Which buckets a hash leads to, in the regions of one kind of slot. A bucket id is one bit that says wide, 7 bits of
 * region and 14 bits of bucket.
 */
final class ProbeOrder {
    /** Buckets that a flow may be away from home; beyond it the table is full for that flow. */
    static final int MAX_PROBES = 16;

    /** Buckets that a lookup may visit. */
    final int probes;

    /** All buckets of this kind. */
    final int count;

    private final int kind;
    private final int regionMask;
    private final int regionBits;
    private final int bucketMask;
    private final int bucketBits;

    /** The kind is the bit of a bucket id that tells it, or 0. */
    ProbeOrder(int kind, int regions, int bucketsPerRegion) {
        this.kind = kind;
        regionMask = regions - 1;
        regionBits = Integer.numberOfTrailingZeros(regions);
        bucketMask = bucketsPerRegion - 1;
        bucketBits = Integer.numberOfTrailingZeros(bucketsPerRegion);
        probes = Math.min(MAX_PROBES, bucketsPerRegion);
        count = regions * bucketsPerRegion;
    }

    /** Home bucket id of a hash, or of a control word that carries it. */
    int home(int hashOrWord) {
        final int bits = Control.homeBits(hashOrWord);
        return kind | ((bits & regionMask) << Buckets.BUCKET_BITS) | ((bits >>> regionBits) & bucketMask);
    }

    int next(int bucketId) {
        return (bucketId & ~Buckets.BUCKET_MASK) | ((bucketId + 1) & bucketMask);
    }

    /** Bucket id of the {@code index}th bucket of this kind, in the order of memory. */
    int bucketAt(int index) {
        return kind | ((index >>> bucketBits) << Buckets.BUCKET_BITS) | (index & bucketMask);
    }

    /** The inverse of {@link #bucketAt}. */
    int indexOf(int bucketId) {
        final int region = (bucketId & ~kind) >>> Buckets.BUCKET_BITS;
        return (region << bucketBits) | (bucketId & Buckets.BUCKET_MASK);
    }
}
