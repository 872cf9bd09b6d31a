package io.gatun.forwarder.counters;

import java.util.Locale;

/** Why a packet was not forwarded. One constant is one counter, one metric label and one row of docs/packet-walk.md. */
public enum DropReason {
    /** The frame is shorter than its headers say, or than an Ethernet and IPv4 header. */
    TRUNCATED,
    /** Not IPv4, or a header field contradicts another. */
    MALFORMED,
    /** The destination MAC is not the interface's: a frame flooded by the switch. */
    NOT_OUR_MAC,
    /** An IPv4 fragment. */
    FRAGMENT,
    /** The TTL would reach zero here. */
    TTL_EXPIRED,
    /** To a VIP, in a protocol other than TCP, UDP and ICMP. */
    PROTOCOL_UNSUPPORTED,
    /** To a VIP, an ICMP message other than an echo request. */
    ICMP_UNSUPPORTED,
    /** No service and no flow has this destination; answered as a host would unless over the limit. */
    NO_SERVICE,
    /** A segment of an unknown connection that is not a SYN; answered with RST unless over the limit. */
    NO_FLOW,
    /** A new flow while this node is not the master. */
    NOT_MASTER,
    /** The service has no endpoint that may be used. */
    NO_ENDPOINT,
    /** No source port is free towards the chosen endpoint. */
    NO_PORT,
    /** The connection table is full. */
    TABLE_FULL,
    /** Several agents fought over one table entry; the sender's retransmission will find it. */
    TABLE_BUSY,
    /** No route to the destination through the interface. */
    NO_ROUTE,
    /** The next hop did not answer ARP in time, or too many packets were waiting for it. */
    NEIGHBOUR_UNRESOLVED,
    /** The transmit ring was full. */
    TX_RING_FULL;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Lower case with underscores, as in metrics. */
    public String label() {
        return label;
    }
}
