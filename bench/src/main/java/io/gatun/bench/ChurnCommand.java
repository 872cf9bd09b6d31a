package io.gatun.bench;

import io.gatun.bench.cases.SheetReport;
import io.gatun.bench.product.ChurnBench;
import io.gatun.bench.product.ProductPlan;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench churn}. */
@Command(
        name = "churn",
        description =
                "Changes of rules a second while packets flow, and what they do to the packets: loss and delay. Needs root"
                        + " and two CPUs.",
        mixinStandardHelpOptions = true)
final class ChurnCommand implements Callable<Integer> {
    @Mixin
    private CaseOptions options;

    @Override
    public Integer call() throws IOException {
        int rounds = options.rounds();
        ProductPlan plan = options.plan(() -> options.quick() ? ProductPlan.quick(rounds) : ProductPlan.full(rounds));
        options.begin();
        SheetReport<?> report = new ChurnBench(plan, Output.home(), System.err).run();
        return options.report(report.text(), report.result());
    }
}
