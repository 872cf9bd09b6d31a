package io.gatun.ha.wire;

/** How hosts on a link find out which MAC has an address. */
public enum NeighbourProtocol {
    /** Of IPv4, RFC 826. */
    ARP,
    /** Neighbour discovery of IPv6, RFC 4861. */
    NDP
}
