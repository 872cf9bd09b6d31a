package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.frame.FrameBatch;

/**
 * What the first pass learns of each frame of a batch, for the passes after it. Made once per agent and reused. The
 * fields of one frame lie in one cache line of one array, which also lets the JIT check their bounds at once.
 */
final class ParsedBatch {
    private static final int STRIDE = 16;
    private static final int IP_OFFSET = 0;
    private static final int TRANSPORT_OFFSET = 1;
    private static final int IP_LENGTH = 2;
    private static final int TRANSPORT_LENGTH = 3;
    private static final int SOURCE = 4;
    private static final int DESTINATION = 5;
    private static final int PORTS = 6;
    private static final int PROTOCOL = 7;
    private static final int TTL = 8;
    private static final int HASH = 9;
    private static final int KIND = 10;

    private static final int REFUSED = 0;
    private static final int TUPLE = 1;
    private static final int ICMP = 2;

    private final int[] fields = new int[FrameBatch.CAPACITY * STRIDE];
    private final long[] slots = new long[FrameBatch.CAPACITY];

    /** Frame {@code i} goes no further. */
    void refused(int i) {
        fields[i * STRIDE + KIND] = REFUSED;
    }

    /** The network layer of frame {@code i}. */
    void network(int i, int ipOffset, int ipLength, int ttl, int protocol, int source, int destination) {
        int base = i * STRIDE;
        fields[base + IP_OFFSET] = ipOffset;
        fields[base + IP_LENGTH] = ipLength;
        fields[base + SOURCE] = source;
        fields[base + DESTINATION] = destination;
        fields[base + PROTOCOL] = protocol;
        fields[base + TTL] = ttl;
    }

    /** Frame {@code i} has ports: source in the upper half. */
    void transport(int i, int transportOffset, int transportLength, int ports) {
        int base = i * STRIDE;
        fields[base + TRANSPORT_OFFSET] = transportOffset;
        fields[base + TRANSPORT_LENGTH] = transportLength;
        fields[base + PORTS] = ports;
        fields[base + KIND] = TUPLE;
    }

    /** Frame {@code i} is an ICMP message. */
    void icmp(int i, int transportOffset, int transportLength) {
        int base = i * STRIDE;
        fields[base + TRANSPORT_OFFSET] = transportOffset;
        fields[base + TRANSPORT_LENGTH] = transportLength;
        fields[base + KIND] = ICMP;
    }

    void hash(int i, int hash) {
        fields[i * STRIDE + HASH] = hash;
    }

    /** Slot of the connection table, or negative. */
    void slot(int i, long slot) {
        slots[i] = slot;
    }

    boolean isTuple(int i) {
        return fields[i * STRIDE + KIND] == TUPLE;
    }

    boolean isIcmp(int i) {
        return fields[i * STRIDE + KIND] == ICMP;
    }

    int ipOffset(int i) {
        return fields[i * STRIDE + IP_OFFSET];
    }

    int transportOffset(int i) {
        return fields[i * STRIDE + TRANSPORT_OFFSET];
    }

    /** Bytes of the IP packet: the frame may be longer, because Ethernet pads. */
    int ipLength(int i) {
        return fields[i * STRIDE + IP_LENGTH];
    }

    /** Bytes of transport header and payload: for UDP what its own length field says. */
    int transportLength(int i) {
        return fields[i * STRIDE + TRANSPORT_LENGTH];
    }

    int source(int i) {
        return fields[i * STRIDE + SOURCE];
    }

    int destination(int i) {
        return fields[i * STRIDE + DESTINATION];
    }

    /** Source port in the upper half, destination port in the lower. */
    int ports(int i) {
        return fields[i * STRIDE + PORTS];
    }

    int protocol(int i) {
        return fields[i * STRIDE + PROTOCOL];
    }

    int ttl(int i) {
        return fields[i * STRIDE + TTL];
    }

    int hash(int i) {
        return fields[i * STRIDE + HASH];
    }

    long slot(int i) {
        return slots[i];
    }
}
