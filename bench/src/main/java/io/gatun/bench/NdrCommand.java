package io.gatun.bench;

import io.gatun.bench.cases.NdrBench;
import io.gatun.bench.cases.PacketPlan;
import io.gatun.bench.cases.SheetReport;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench ndr}. */
@Command(
        name = "ndr",
        description =
                "The highest rate of packets of which next to nothing is lost, by bisection as in RFC 2544: Gatun,"
                        + " nftables and two limits, an XDP program that swaps MACs, and Gatun's rings without its pipeline."
                        + " Needs root and two CPUs.",
        mixinStandardHelpOptions = true)
final class NdrCommand implements Callable<Integer> {
    @Mixin
    private CaseOptions options;

    @Mixin
    private PacketOptions packets;

    @Override
    public Integer call() throws IOException {
        PacketPlan plan = packets.plan(options, 0);
        options.begin();
        packets.pin();
        SheetReport<?> report = new NdrBench(
                        plan, options.quick() ? PacketOptions.peers() : PacketOptions.withLimits(), System.err)
                .run();
        return options.report(report.text(), report.result());
    }
}
