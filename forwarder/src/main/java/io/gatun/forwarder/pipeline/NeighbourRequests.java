package io.gatun.forwarder.pipeline;

/** Asks that the MAC of a next hop be resolved. Called from the packet path: must neither block nor allocate. */
public interface NeighbourRequests {
    /**
     * Asks once; repeated requests are cheap.
     *
     * @param interfaceIndex the link of the next hop
     * @param high upper half of its address, 0 for IPv4
     * @param low lower half; of IPv4 the mapped address
     */
    void resolve(int interfaceIndex, long high, long low);
}
