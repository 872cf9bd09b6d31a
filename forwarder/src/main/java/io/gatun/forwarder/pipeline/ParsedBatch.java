package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.frame.FrameBatch;

/**
 * What the first pass learns of each frame of a batch, for the passes after it. Made once per agent and reused. The
 * fields of one frame lie in one cache line of one array, which also lets the JIT check their bounds at once; IPv6
 * addresses lie in an array of their own.
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
    private static final int FRAGMENT = 11;
    private static final int IDENTIFICATION = 12;
    private static final int FRAGMENT_OFFSET = 13;
    private static final int FRAGMENT_HEADER = 14;

    private static final int LONGS = 4;

    /** Goes no further. */
    static final int REFUSED = 0;
    /** IPv4 with ports. */
    static final int TUPLE = 1;
    /** IPv6 with ports. */
    static final int TUPLE6 = 2;
    /** An ICMP message; of an echo message {@link #ports} are set. */
    static final int ICMP = 3;
    /** An ICMPv6 message, likewise. */
    static final int ICMP6 = 4;
    /** A fragment of IPv4 that is not its datagram's first. */
    static final int LATER_FRAGMENT = 5;
    /** A fragment of IPv6 that is not its datagram's first. */
    static final int LATER_FRAGMENT6 = 6;

    /** {@link #fragment}: a whole datagram. */
    static final int WHOLE = 0;
    /** {@link #fragment}: more of the datagram follows. */
    static final int MORE = 1;
    /** {@link #fragment}: the last fragment of its datagram. */
    static final int LAST = 2;

    private final int[] fields = new int[FrameBatch.CAPACITY * STRIDE];
    private final long[] addresses = new long[FrameBatch.CAPACITY * LONGS];
    private final long[] slots = new long[FrameBatch.CAPACITY];

    /** Frame {@code i} goes no further. */
    void refused(int i) {
        fields[i * STRIDE + KIND] = REFUSED;
    }

    /** The network layer of frame {@code i}, IPv4. */
    void network(int i, int ipOffset, int ipLength, int ttl, int protocol, int source, int destination) {
        int base = i * STRIDE;
        fields[base + IP_OFFSET] = ipOffset;
        fields[base + IP_LENGTH] = ipLength;
        fields[base + SOURCE] = source;
        fields[base + DESTINATION] = destination;
        fields[base + PROTOCOL] = protocol;
        fields[base + TTL] = ttl;
        fields[base + FRAGMENT] = WHOLE;
    }

    /** The network layer of frame {@code i}, IPv6; addresses by {@link #addresses6}. */
    void network6(int i, int ipOffset, int ipLength, int hopLimit, int protocol) {
        network(i, ipOffset, ipLength, hopLimit, protocol, 0, 0);
    }

    void addresses6(int i, long sourceHigh, long sourceLow, long destinationHigh, long destinationLow) {
        int base = i * LONGS;
        addresses[base] = sourceHigh;
        addresses[base + 1] = sourceLow;
        addresses[base + 2] = destinationHigh;
        addresses[base + 3] = destinationLow;
    }

    /** Frame {@code i} is part of a datagram; {@code headerOffset} is that of IPv6's fragment header. */
    void fragment(int i, int place, int identification, int offsetBytes, int headerOffset) {
        int base = i * STRIDE;
        fields[base + FRAGMENT_HEADER] = headerOffset;
        fields[base + FRAGMENT] = place;
        fields[base + IDENTIFICATION] = identification;
        fields[base + FRAGMENT_OFFSET] = offsetBytes;
    }

    /** What is behind the network layer of frame {@code i}. */
    void transport(int i, int kind, int transportOffset, int transportLength, int ports) {
        int base = i * STRIDE;
        fields[base + TRANSPORT_OFFSET] = transportOffset;
        fields[base + TRANSPORT_LENGTH] = transportLength;
        fields[base + PORTS] = ports;
        fields[base + KIND] = kind;
    }

    void hash(int i, int hash) {
        fields[i * STRIDE + HASH] = hash;
    }

    /** Slot of the connection table, or negative. */
    void slot(int i, long slot) {
        slots[i] = slot;
    }

    int kind(int i) {
        return fields[i * STRIDE + KIND];
    }

    boolean isTuple(int i) {
        return kind(i) == TUPLE;
    }

    boolean isIpv6(int i) {
        int kind = kind(i);
        return kind == TUPLE6 || kind == ICMP6 || kind == LATER_FRAGMENT6;
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

    /** Bytes of transport header and payload in this packet: for UDP what its own length field says. */
    int transportLength(int i) {
        return fields[i * STRIDE + TRANSPORT_LENGTH];
    }

    int source(int i) {
        return fields[i * STRIDE + SOURCE];
    }

    int destination(int i) {
        return fields[i * STRIDE + DESTINATION];
    }

    long sourceHigh(int i) {
        return addresses[i * LONGS];
    }

    long sourceLow(int i) {
        return addresses[i * LONGS + 1];
    }

    long destinationHigh(int i) {
        return addresses[i * LONGS + 2];
    }

    long destinationLow(int i) {
        return addresses[i * LONGS + 3];
    }

    /** Source port in the upper half, destination port in the lower; of an echo message its identifier and 0. */
    int ports(int i) {
        return fields[i * STRIDE + PORTS];
    }

    /** Upper protocol: of IPv6 the one behind the extension headers. */
    int protocol(int i) {
        return fields[i * STRIDE + PROTOCOL];
    }

    /** TTL or hop limit. */
    int ttl(int i) {
        return fields[i * STRIDE + TTL];
    }

    int hash(int i) {
        return fields[i * STRIDE + HASH];
    }

    /** {@link #WHOLE}, {@link #MORE} or {@link #LAST}. */
    int fragment(int i) {
        return fields[i * STRIDE + FRAGMENT];
    }

    boolean isFragment(int i) {
        return fragment(i) != WHOLE;
    }

    /** Identification of the datagram that a fragment belongs to. */
    int identification(int i) {
        return fields[i * STRIDE + IDENTIFICATION];
    }

    /** Where in the datagram's payload a fragment stands, bytes. */
    int fragmentOffset(int i) {
        return fields[i * STRIDE + FRAGMENT_OFFSET];
    }

    /** Where the fragment header of an IPv6 fragment stands. */
    int fragmentHeader(int i) {
        return fields[i * STRIDE + FRAGMENT_HEADER];
    }

    long slot(int i) {
        return slots[i];
    }
}
