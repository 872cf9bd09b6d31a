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

    static TrafficSpec sized(int flows, int frameBytes) {
        return new TrafficSpec(
                flows,
                0,
                Testbed.CLIENT,
                20_000,
                Testbed.VIP,
                Testbed.SERVICE_PORT,
                SOURCE_MAC,
                DESTINATION_MAC,
                new FrameKind(frameBytes, false));
    }

    /** As {@link #unchanged}, with a look at the times. */
    static SinkSpec timed(int flows) {
        return new SinkSpec(flows, Testbed.CLIENT, Testbed.VIP, Testbed.SERVICE_PORT, true);
    }

    /** What the sink must count if the frames of {@link #traffic} were not rewritten at all. */
    static SinkSpec unchanged(int flows) {
        return new SinkSpec(flows, Testbed.CLIENT, Testbed.VIP, Testbed.SERVICE_PORT);
    }
}
