package io.gatun.ha.wire;

/** What {@link ArpFlyweight#validate} found. */
public enum ArpValidity {
    VALID,
    /** The ethertype says so. */
    NOT_ARP,
    /** Shorter than 42 bytes. */
    TRUNCATED,
    /** The hardware type is not Ethernet, or its address length is not 6. */
    NOT_ETHERNET,
    /** The protocol type is not IPv4, or its address length is not 4. */
    NOT_IPV4,
    /** The sender's hardware address is zero, broadcast or multicast: nobody can own it. */
    SENDER_NOT_A_STATION
}
