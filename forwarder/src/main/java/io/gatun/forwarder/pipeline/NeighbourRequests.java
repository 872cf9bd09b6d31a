package io.gatun.forwarder.pipeline;

/** Asks that the MAC of a next hop be resolved. Called from the packet path: must neither block nor allocate. */
public interface NeighbourRequests {
    /**
     * Asks once; repeated requests are cheap.
     *
     * @param nextHop of {@link io.gatun.forwarder.nexthop.NextHopTable}
     */
    void resolve(long nextHop);
}
