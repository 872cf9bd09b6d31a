package io.gatun.bench;

import io.gatun.bench.sync.SyncBench;
import io.gatun.bench.sync.SyncPlan;
import io.gatun.bench.sync.SyncReport;
import io.gatun.bench.traffic.Cpu;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench sync}. */
@Command(
        name = "sync",
        description = "What it costs to tell a peer of 20,000 new flows a second: packets per second of an agent in"
                + " memory, with and without. Needs root and two CPUs.",
        mixinStandardHelpOptions = true)
final class SyncCommand implements Callable<Integer> {
    @Mixin
    private CaseOptions options;

    @Option(
            names = "--agent-cpu",
            paramLabel = "N",
            defaultValue = "1",
            description = "CPU of the agent (default ${DEFAULT-VALUE}).")
    private int agentCpu;

    @Option(
            names = "--other-cpu",
            paramLabel = "N",
            defaultValue = "0",
            description = "CPU of the peer and, in one layout, the exchange (default ${DEFAULT-VALUE}).")
    private int otherCpu;

    @Override
    public Integer call() throws IOException {
        options.requireCpu("--agent-cpu", agentCpu);
        options.requireCpu("--other-cpu", otherCpu);
        int rounds = options.rounds();
        Cpu agent = new Cpu(agentCpu);
        Cpu other = new Cpu(otherCpu);
        SyncPlan plan = options.plan(
                () -> options.quick() ? SyncPlan.quick(rounds, agent, other) : SyncPlan.full(rounds, agent, other));
        options.begin();
        SyncReport report = new SyncBench(plan, System.err).run();
        return options.report(report.text(), report.result());
    }
}
