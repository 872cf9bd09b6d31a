package io.gatun.bench;

import io.gatun.bench.cases.SheetReport;
import io.gatun.bench.product.FloodBench;
import io.gatun.bench.product.ProductPlan;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench flood}. */
@Command(
        name = "flood",
        description =
                "SYNs from 10,000 forged sources as fast as the generator makes them, beside 200 honest connections and new"
                        + " ones: how many go on, and how many get in. Needs root and two CPUs.",
        mixinStandardHelpOptions = true)
final class FloodCommand implements Callable<Integer> {
    @Mixin
    private CaseOptions options;

    @Option(
            names = "--rate",
            paramLabel = "PPS",
            defaultValue = "1000000",
            description = "SYNs in a second (default ${DEFAULT-VALUE}).")
    private int rate;

    @Override
    public Integer call() throws IOException {
        int rounds = options.rounds();
        ProductPlan plan = options.plan(() -> options.quick() ? ProductPlan.quick(rounds) : ProductPlan.full(rounds));
        options.begin();
        SheetReport<?> report = new FloodBench(plan, rate, Output.home(), System.err).run();
        return options.report(report.text(), report.result());
    }
}
