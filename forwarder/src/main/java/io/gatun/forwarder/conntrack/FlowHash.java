package io.gatun.forwarder.conntrack;

/** The hashes of tuples: the same on every node and in every version with the same layout. */
final class FlowHash {
    static final long SEED = 0x9E3779B97F4A7C15L;
    static final long FIRST = 0xBF58476D1CE4E5B9L;
    static final long SECOND = 0x94D049BB133111EBL;

    private static final long WIDE_SEED = 0xD6E8FEB86659FD93L;

    private FlowHash() {}

    static int of(int source, int destination, int ports, int protocol) {
        final long addresses = ((long) source << 32) | (destination & 0xFFFF_FFFFL);
        final long transport = ((long) protocol << 32) | (ports & 0xFFFF_FFFFL);
        long h = (addresses ^ SEED) * FIRST;
        h = (h ^ (h >>> 32) ^ transport) * SECOND;
        h = (h ^ (h >>> 29)) * FIRST;
        return (int) ((h ^ (h >>> 32)) >>> 16);
    }

    /** The two addresses are mixed side by side, so that their multiplications overlap. */
    static int ofWide(long srcHigh, long srcLow, long dstHigh, long dstLow, int ports, int protocol) {
        final long transport = ((long) protocol << 32) | (ports & 0xFFFF_FFFFL);
        long source = (srcHigh ^ SEED) * FIRST;
        long destination = (dstHigh ^ WIDE_SEED) * SECOND;
        source = (source ^ (source >>> 32) ^ srcLow) * SECOND;
        destination = (destination ^ (destination >>> 32) ^ dstLow) * FIRST;
        long h = (source ^ (source >>> 29)) + Long.rotateLeft(destination, 32);
        h = (h ^ (h >>> 32) ^ transport) * SECOND;
        h = (h ^ (h >>> 29)) * FIRST;
        return (int) ((h ^ (h >>> 32)) >>> 16);
    }

    /** 32 bits for an IPv6 address, to see most mismatches without reading it. */
    static int digest(long high, long low) {
        return (int) (((mixedHigh(high) ^ low) * SECOND) >>> 32);
    }

    static long mixedHigh(long high) {
        return (high ^ SEED) * FIRST;
    }
}
