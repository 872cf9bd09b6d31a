package io.gatun.bench;

import io.gatun.bench.cases.ForwardPlan;
import io.gatun.bench.cases.PacketPlan;
import io.gatun.bench.cases.PacketsBench;
import io.gatun.bench.traffic.Flows;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench packets}. */
@Command(
        name = "packets",
        description = "forward, overload, cost, ndr and latency with fewer starts: the first four share one of each"
                + " contender in each round. Needs root and two CPUs.",
        mixinStandardHelpOptions = true)
final class PacketsCommand implements Callable<Integer> {
    private static final int COST_RATE = 200_000;

    @Mixin
    private CaseOptions options;

    @Mixin
    private PacketOptions packets;

    @Override
    public Integer call() throws IOException {
        ForwardPlan ladder = packets.ladder(options, false, Flows.USUAL.count());
        PacketPlan plan = packets.plan(options, COST_RATE);
        options.begin();
        packets.pin();
        return options.report(new PacketsBench(
                        ladder, plan, !options.quick(), PacketOptions.peers(), PacketOptions.limits(), System.err)
                .run());
    }
}
