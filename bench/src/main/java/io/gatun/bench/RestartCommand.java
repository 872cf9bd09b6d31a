package io.gatun.bench;

import io.gatun.bench.cases.SheetReport;
import io.gatun.bench.product.ProductPlan;
import io.gatun.bench.product.RestartBench;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench restart}. */
@Command(
        name = "restart",
        description =
                "For how long nothing is forwarded when a node without a peer is killed, and when it is told to end, and"
                        + " started anew. Needs root and two CPUs.",
        mixinStandardHelpOptions = true)
final class RestartCommand implements Callable<Integer> {
    @Mixin
    private CaseOptions options;

    @Override
    public Integer call() throws IOException {
        int rounds = options.rounds();
        ProductPlan plan = options.plan(() -> options.quick() ? ProductPlan.quick(rounds) : ProductPlan.full(rounds));
        options.begin();
        SheetReport<?> report = new RestartBench(plan, Output.home(), System.err).run();
        return options.report(report.text(), report.result());
    }
}
