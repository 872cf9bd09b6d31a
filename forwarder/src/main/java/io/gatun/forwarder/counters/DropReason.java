package io.gatun.forwarder.counters;

import java.util.Locale;

/** Why a packet was not forwarded. One constant is one counter, one metric label and one row of docs/packet-walk.md. */
public enum DropReason {
    /** The frame is shorter than its headers say, or than an Ethernet and IP header. */
    TRUNCATED,
    /** Neither IPv4 nor IPv6, or a header field contradicts another. */
    MALFORMED,
    /** The destination MAC is not the interface's: a frame flooded by the switch. */
    NOT_OUR_MAC,
    /** A fragment whose datagram's first fragment did not come in time, or of which there are too many. */
    FRAGMENT,
    /** The TTL or hop limit would reach zero here; answered with time-exceeded unless over the limit. */
    TTL_EXPIRED,
    /** To a VIP, in a protocol other than TCP, UDP, SCTP, ICMP and ICMPv6. */
    PROTOCOL_UNSUPPORTED,
    /** To a VIP, an ICMP message that is neither an echo nor an error about a packet. */
    ICMP_UNSUPPORTED,
    /** An ICMP error or echo reply that belongs to no connection. */
    ICMP_NO_FLOW,
    /** A checksum that was wrong before we came, where it had to be looked at. */
    BAD_CHECKSUM,
    /** No service and no flow has this destination; answered as a host would unless over the limit. */
    NO_SERVICE,
    /** A segment of an unknown connection that is not a SYN; answered with RST unless over the limit. */
    NO_FLOW,
    /** A new flow from a source that the service does not allow; never answered. */
    SOURCE_DENIED,
    /** From a client in a network that the firewall drops, known connections included; never answered. */
    FIREWALL,
    /** A new flow while this node is not the master. */
    NOT_MASTER,
    /** The service has no endpoint that may be used. */
    NO_ENDPOINT,
    /** No source port is free towards the chosen endpoint. */
    NO_PORT,
    /** The connection table is full. */
    TABLE_FULL,
    /** A new flow of a source that has too many half-open ones. */
    HALF_OPEN_SOURCE,
    /** A new flow while there are too many half-open ones in all, and none that this agent could give up. */
    HALF_OPEN_FULL,
    /** Several agents fought over one table entry; the sender's retransmission will find it. */
    TABLE_BUSY,
    /** Larger than the MTU on its way; answered with fragmentation-needed or packet-too-big unless over the limit. */
    TOO_BIG,
    /** Between IPv6 and IPv4 there is no word for it (RFC 7915). */
    UNTRANSLATABLE,
    /** No route to the destination, or one to nowhere that packets can be handed to. */
    NO_ROUTE,
    /** The next hop answered neither ARP nor neighbour solicitation in time, or too many packets were waiting for it. */
    NEIGHBOUR_UNRESOLVED,
    /** The transmit ring was full. */
    TX_RING_FULL,
    /** Another interface, by which it had to leave, did not take it. */
    EGRESS_FULL;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Lower case with underscores, as in metrics. */
    public String label() {
        return label;
    }
}
