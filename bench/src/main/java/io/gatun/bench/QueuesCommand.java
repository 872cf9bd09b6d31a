package io.gatun.bench;

import io.gatun.bench.cases.QueuesBench;
import io.gatun.bench.cases.QueuesPlan;
import io.gatun.bench.cases.QueuesReport;
import io.gatun.bench.peers.Priority;
import io.gatun.bench.report.Spread;
import io.gatun.bench.traffic.Cpu;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench queues}. */
@Command(
        name = "queues",
        description = "Packets per second with two receive queues on two cores, beside one queue on one core: 64-byte"
                + " UDP, 1,000 flows, one VIP, one-arm. Needs root and two CPUs.",
        mixinStandardHelpOptions = true)
final class QueuesCommand implements Callable<Integer> {
    private static final int QUICK_ROUNDS = 3;
    private static final int FULL_ROUNDS = 5;

    @Option(names = "--quick", description = "Shorter windows, " + QUICK_ROUNDS + " rounds.")
    private boolean quick;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds, at least " + Spread.SAMPLES_MIN + " (default " + FULL_ROUNDS + ", quick "
                    + QUICK_ROUNDS + ").")
    private Integer rounds;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the figures to this file.")
    private Path json;

    @Option(
            names = "--cpus",
            paramLabel = "N,M",
            split = ",",
            defaultValue = "0,1",
            description = "CPUs of the two queues, the first even, the second odd (default ${DEFAULT-VALUE}).")
    private List<Integer> cpus;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        QueuesPlan plan = plan();
        CaseOptions.requireRoot(spec);
        Priority.raiseSession();
        QueuesReport report = new QueuesBench(plan, System.err).run();
        System.out.print(report.text());
        CaseOptions.write(json, report.tree());
        return 0;
    }

    private QueuesPlan plan() {
        cpus.forEach(cpu -> CaseOptions.requireCpu(spec, "--cpus", cpu));
        List<Cpu> each = cpus.stream().map(Cpu::new).toList();
        try {
            return quick
                    ? QueuesPlan.quick(rounds == null ? QUICK_ROUNDS : rounds, each)
                    : QueuesPlan.full(rounds == null ? FULL_ROUNDS : rounds, each);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
