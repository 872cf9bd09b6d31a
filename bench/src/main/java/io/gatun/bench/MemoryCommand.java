package io.gatun.bench;

import io.gatun.bench.cases.SheetReport;
import io.gatun.bench.product.MemoryBench;
import io.gatun.bench.product.ProductPlan;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench memory}. */
@Command(
        name = "memory",
        description = "Resident memory of the whole product with 100,000 connections. Needs root and two CPUs.",
        mixinStandardHelpOptions = true)
final class MemoryCommand implements Callable<Integer> {
    @Mixin
    private CaseOptions options;

    @Override
    public Integer call() throws IOException {
        int rounds = options.rounds();
        ProductPlan plan = options.plan(() -> options.quick() ? ProductPlan.quick(rounds) : ProductPlan.full(rounds));
        options.begin();
        SheetReport<?> report = new MemoryBench(plan, Output.home(), System.err).run();
        return options.report(report.text(), report.result());
    }
}
