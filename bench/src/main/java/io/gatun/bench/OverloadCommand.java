package io.gatun.bench;

import io.gatun.bench.cases.ForwardBench;
import io.gatun.bench.cases.ForwardEntry;
import io.gatun.bench.cases.ForwardPlan;
import io.gatun.bench.cases.ForwardReport;
import io.gatun.bench.traffic.Flows;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench overload}. */
@Command(
        name = "overload",
        description =
                "What is left of the best rate when twice as much is offered, on one core, UDP, 1,000 flows, one VIP,"
                        + " one-arm: Gatun and nftables DNAT+SNAT. Needs root and two CPUs.",
        mixinStandardHelpOptions = true)
final class OverloadCommand implements Callable<Integer> {
    @Mixin
    private CaseOptions options;

    @Mixin
    private PacketOptions packets;

    @Override
    public Integer call() throws IOException {
        ForwardPlan plan = packets.ladder(options, true, Flows.USUAL.count());
        options.begin();
        packets.pin();
        ForwardReport report = new ForwardBench(
                        plan,
                        PacketOptions.peers().stream()
                                .map(each -> ForwardEntry.of(each, plan.flows()))
                                .toList(),
                        System.err)
                .run();
        return options.report(report.text(), report.result());
    }
}
