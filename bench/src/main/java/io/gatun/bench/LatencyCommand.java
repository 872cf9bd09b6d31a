package io.gatun.bench;

import io.gatun.bench.cases.LatencyBench;
import io.gatun.bench.cases.PacketPlan;
import io.gatun.bench.cases.SheetReport;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench latency}. */
@Command(
        name = "latency",
        description =
                "How late packets come back at half load, open loop, to the 99.99th percentile: Gatun and nftables."
                        + " Needs root and two CPUs.",
        mixinStandardHelpOptions = true)
final class LatencyCommand implements Callable<Integer> {
    @Mixin
    private CaseOptions options;

    @Mixin
    private PacketOptions packets;

    @Option(
            names = "--rate",
            paramLabel = "PPS",
            defaultValue = "0",
            description = "Packets offered in a second (default: half of what the slower one can take).")
    private int rate;

    @Override
    public Integer call() throws IOException {
        PacketPlan plan = packets.plan(options, rate);
        options.begin();
        packets.pin();
        SheetReport<?> report = new LatencyBench(plan, PacketOptions.peers(), System.err).run();
        return options.report(report.text(), report.result());
    }
}
