package io.gatun.bench;

import io.gatun.bench.cases.CostBench;
import io.gatun.bench.cases.PacketPlan;
import io.gatun.bench.cases.SheetReport;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench cost}. */
@Command(
        name = "cost",
        description =
                "CPU time of a forwarded packet at one rate, asleep in between: Gatun, nftables and two limits. Needs root and"
                        + " two CPUs.",
        mixinStandardHelpOptions = true)
final class CostCommand implements Callable<Integer> {
    @Mixin
    private CaseOptions options;

    @Mixin
    private PacketOptions packets;

    @Option(
            names = "--rate",
            paramLabel = "PPS",
            defaultValue = "200000",
            description = "Packets offered in a second (default ${DEFAULT-VALUE}).")
    private int rate;

    @Override
    public Integer call() throws IOException {
        PacketPlan plan = packets.plan(options, rate);
        options.begin();
        packets.pin();
        SheetReport<?> report = new CostBench(plan, PacketOptions.withLimits(), System.err).run();
        return options.report(report.text(), report.result());
    }
}
