package io.gatun.bench.traffic;

import io.gatun.bench.peers.Testbed;

/** Traffic of the forward case, between made-up MACs. */
final class Specs {
    static final String SOURCE_MAC = "02:00:00:00:00:01";
    static final String DESTINATION_MAC = "02:00:00:00:00:02";

    private Specs() {}

    static TrafficSpec traffic(int flows) {
        return new TrafficSpec(
                flows, Testbed.CLIENT, 20_000, Testbed.VIP, Testbed.SERVICE_PORT, SOURCE_MAC, DESTINATION_MAC);
    }

    /** What the sink must count if the frames of {@link #traffic} were not rewritten at all. */
    static SinkSpec unchanged(int flows) {
        return new SinkSpec(flows, Testbed.CLIENT, Testbed.VIP, Testbed.SERVICE_PORT);
    }
}
