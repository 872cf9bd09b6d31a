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

    private Targets() {}
}
