package io.gatun.ha.announce;

import io.gatun.ha.wire.NdpValidity;

/** What is to be done about a received neighbour discovery frame: answer, defend, or be silent for a named reason. */
public enum NdpVerdict implements Verdict {
    /** A solicitation of a VIP that is ours. */
    ANSWER(AnnouncerCounter.NDP_ANSWERED, Reaction.ANSWER),
    /** A host is about to take a VIP that is ours, and asks first (RFC 4862 section 5.4). */
    PROBE(AnnouncerCounter.NDP_PROBE, Reaction.ANSWER_AND_DEFEND),
    /** Another host says that it has a VIP that is ours. */
    CONFLICT(AnnouncerCounter.NDP_CONFLICT, Reaction.DEFEND),
    /** Another protocol, or another message of ICMPv6. */
    NOT_NDP(AnnouncerCounter.NDP_NOT_NDP),
    /** Shorter than it says, or than it must be. */
    TRUNCATED(AnnouncerCounter.NDP_TRUNCATED),
    /** The hop limit is not 255. */
    FROM_AFAR(AnnouncerCounter.NDP_FROM_AFAR),
    /** The ICMPv6 checksum is wrong. */
    BAD_CHECKSUM(AnnouncerCounter.NDP_BAD_CHECKSUM),
    /** The ICMPv6 code is not 0. */
    UNKNOWN_CODE(AnnouncerCounter.NDP_UNKNOWN_CODE),
    /** An option without length, behind the end, or of a link layer that is not Ethernet. */
    BAD_OPTION(AnnouncerCounter.NDP_BAD_OPTION),
    /** The target is a multicast address. */
    TARGET_IS_A_GROUP(AnnouncerCounter.NDP_TARGET_IS_A_GROUP),
    /** From an address that no station has. */
    SENDER_NOT_A_STATION(AnnouncerCounter.NDP_SENDER_NOT_A_STATION),
    /** A probe to another group than a solicited-node one, or with a hardware address. */
    BAD_PROBE(AnnouncerCounter.NDP_BAD_PROBE),
    /** An advertisement to a group with the solicited flag. */
    SOLICITED_BY_A_GROUP(AnnouncerCounter.NDP_SOLICITED_BY_A_GROUP),
    /** Sent by this node: the kernel's or ours, seen on a sibling interface. */
    OWN_FRAME(AnnouncerCounter.NDP_OWN_FRAME),
    /** An advertisement of an address that is not ours. */
    NOT_A_SOLICITATION(AnnouncerCounter.NDP_NOT_A_SOLICITATION),
    /** Asks for an address that is no VIP. */
    NOT_OURS(AnnouncerCounter.NDP_NOT_OURS),
    /** Asks for a VIP that another node has now. */
    NOT_MASTER(AnnouncerCounter.NDP_NOT_MASTER),
    /** Sent to another host's MAC and flooded to us. */
    SENT_TO_ANOTHER(AnnouncerCounter.NDP_SENT_TO_ANOTHER);

    private final AnnouncerCounter counter;
    private final Reaction reaction;

    NdpVerdict(AnnouncerCounter counter) {
        this(counter, Reaction.SILENCE);
    }

    NdpVerdict(AnnouncerCounter counter, Reaction reaction) {
        this.counter = counter;
        this.reaction = reaction;
    }

    /** The silence that a frame which is not valid gets. */
    static NdpVerdict of(NdpValidity invalid) {
        return switch (invalid) {
            case VALID -> throw new IllegalArgumentException("a valid frame is judged by what it says");
            case NOT_NDP -> NOT_NDP;
            case TRUNCATED -> TRUNCATED;
            case FROM_AFAR -> FROM_AFAR;
            case BAD_CHECKSUM -> BAD_CHECKSUM;
            case UNKNOWN_CODE -> UNKNOWN_CODE;
            case BAD_OPTION -> BAD_OPTION;
            case TARGET_IS_A_GROUP -> TARGET_IS_A_GROUP;
            case SENDER_NOT_A_STATION -> SENDER_NOT_A_STATION;
            case BAD_PROBE -> BAD_PROBE;
            case SOLICITED_BY_A_GROUP -> SOLICITED_BY_A_GROUP;
        };
    }

    @Override
    public AnnouncerCounter counter() {
        return counter;
    }

    @Override
    public Reaction reaction() {
        return reaction;
    }
}
