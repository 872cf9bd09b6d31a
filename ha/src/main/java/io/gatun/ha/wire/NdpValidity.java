package io.gatun.ha.wire;

/** What {@link NdpFlyweight#validate} found: the checks of RFC 4861 sections 7.1.1 and 7.1.2 by name. */
public enum NdpValidity {
    VALID,
    /** Ethertype, version, next header or ICMPv6 type say so. */
    NOT_NDP,
    /** The message is shorter than 24 bytes, or longer than what arrived of it. */
    TRUNCATED,
    /** The hop limit is not 255: it came through a router. */
    FROM_AFAR,
    /** The ICMPv6 checksum is wrong. */
    BAD_CHECKSUM,
    /** The ICMPv6 code is not 0. */
    UNKNOWN_CODE,
    /** An option has no length, ends behind the packet, or is a link-layer address of another length than Ethernet's. */
    BAD_OPTION,
    /** The target is a multicast address. */
    TARGET_IS_A_GROUP,
    /** The source address or one of the sender's hardware addresses is multicast or zero: nobody can own it. */
    SENDER_NOT_A_STATION,
    /** A solicitation from :: goes to another group than a solicited-node one, or tells a hardware address. */
    BAD_PROBE,
    /** An advertisement to a group has the solicited flag. */
    SOLICITED_BY_A_GROUP
}
