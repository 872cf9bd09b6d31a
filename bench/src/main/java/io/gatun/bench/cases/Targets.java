package io.gatun.bench.cases;

import java.util.Map;

/** What Gatun should reach beside others in packets a second on one core. */
final class Targets {
    static final double NFTABLES = 1.6;
    static final double XDP_SWAP = 0.65;
    static final double RINGS_ALONE = 0.95;

    /** By the names of contenders. */
    static final Map<String, Double> PACKETS =
            Map.of("nftables", NFTABLES, "xdp swap", XDP_SWAP, "rings alone", RINGS_ALONE);

    /** Of the issue for a million flows: beside nftables with as many, and beside Gatun's own rate at 1,000. */
    static final double NFTABLES_MANY = 2;

    static final double OWN_FEW = 0.8;

    /** By the names of contenders, where it is not for as many flows as usual. */
    static final Map<String, Double> MANY_PACKETS =
            Map.of("nftables", NFTABLES_MANY, ForwardEntry.few("gatun"), OWN_FEW);

    private Targets() {}
}
