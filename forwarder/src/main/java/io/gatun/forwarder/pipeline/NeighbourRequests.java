package io.gatun.forwarder.pipeline;

/** Asks that the MAC of a next hop be resolved. Called from the packet path: must neither block nor allocate. */
public interface NeighbourRequests {
    /**
     * Asks once; repeated requests are cheap.
     *
     * @param ifindex link on which the next hop is
     * @param high first eight bytes of its address, 0 for IPv4
     * @param low last eight bytes; an IPv4 address is the mapped one
     */
    void resolve(int ifindex, long high, long low);
}
