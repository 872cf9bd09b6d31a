package io.gatun.bench;

import io.gatun.bench.failover.FailoverBench;
import io.gatun.bench.failover.FailoverPlan;
import io.gatun.bench.failover.FailoverReport;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench failover}. */
@Command(
        name = "failover",
        description = "How long nobody answers when the active one of two nodes is killed, and which connections are"
                + " lost: Gatun, and keepalived in front of nftables NAT, in turns. Needs root.",
        mixinStandardHelpOptions = true)
final class FailoverCommand implements Callable<Integer> {
    @Mixin
    private CaseOptions options;

    @Option(
            names = "--adverts",
            paramLabel = "MS",
            defaultValue = "100",
            description = "Milliseconds between adverts of both, 10-1000 (default ${DEFAULT-VALUE}).")
    private int advertMs;

    @Override
    public Integer call() throws IOException {
        FailoverPlan plan = options.plan(() -> FailoverPlan.of(options.rounds(), advertMs));
        options.begin();
        FailoverReport report = new FailoverBench(plan, Output.home(), System.err).run();
        return options.report(report.text(), report.result());
    }
}
