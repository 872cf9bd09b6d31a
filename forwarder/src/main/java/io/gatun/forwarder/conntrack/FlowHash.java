package io.gatun.forwarder.conntrack;

/** The hash of an IPv4 tuple: the same on every node and in every version with the same layout. */
final class FlowHash {
    private static final long SEED = 0x9E3779B97F4A7C15L;
    private static final long FIRST = 0xBF58476D1CE4E5B9L;
    private static final long SECOND = 0x94D049BB133111EBL;

    private FlowHash() {}

    static int of(int source, int destination, int ports, int protocol) {
        final long addresses = ((long) source << 32) | (destination & 0xFFFF_FFFFL);
        final long transport = ((long) protocol << 32) | (ports & 0xFFFF_FFFFL);
        long h = (addresses ^ SEED) * FIRST;
        h = (h ^ (h >>> 32) ^ transport) * SECOND;
        h = (h ^ (h >>> 29)) * FIRST;
        return (int) ((h ^ (h >>> 32)) >>> 16);
    }
}
