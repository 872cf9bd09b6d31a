package io.gatun.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.gatun.bench.cases.ForwardBench;
import io.gatun.bench.cases.ForwardPlan;
import io.gatun.bench.cases.ForwardReport;
import io.gatun.bench.peers.GatunContender;
import io.gatun.bench.peers.NftablesContender;
import io.gatun.bench.peers.Priority;
import io.gatun.bench.report.Spread;
import io.gatun.bench.traffic.Cpu;
import io.gatun.lab.Lab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench forward}. */
@Command(
        name = "forward",
        description = "Packets per second of Gatun and of nftables DNAT+SNAT on one core: 64-byte UDP, 1,000 flows, one"
                + " VIP, one-arm. Needs root and two CPUs.",
        mixinStandardHelpOptions = true)
final class ForwardCommand implements Callable<Integer> {
    private static final int QUICK_ROUNDS = 3;
    private static final int FULL_ROUNDS = 5;

    @Option(names = "--quick", description = "Fewer steps and shorter windows, " + QUICK_ROUNDS + " rounds.")
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
            names = "--generator-cpu",
            paramLabel = "N",
            defaultValue = "0",
            description = "CPU of the generator (default ${DEFAULT-VALUE}).")
    private int generatorCpu;

    @Option(
            names = "--forwarding-cpu",
            paramLabel = "N",
            defaultValue = "1",
            description = "CPU of the contenders (default ${DEFAULT-VALUE}).")
    private int forwardingCpu;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ForwardPlan plan = plan();
        if (!Lab.isRoot()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "user=" + System.getProperty("user.name") + ", run as root: it makes namespaces");
        }
        Priority.raiseSession();
        plan.generatorCpu().pinThisProcess();
        ForwardBench bench = new ForwardBench(plan, List.of(new GatunContender(), new NftablesContender()), System.err);
        ForwardReport report = bench.run();
        System.out.print(report.text());
        if (json != null) {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), report.tree());
        }
        return 0;
    }

    private ForwardPlan plan() {
        int cpus = Runtime.getRuntime().availableProcessors();
        requireCpu("--generator-cpu", generatorCpu, cpus);
        requireCpu("--forwarding-cpu", forwardingCpu, cpus);
        try {
            Cpu generator = new Cpu(generatorCpu);
            Cpu forwarding = new Cpu(forwardingCpu);
            if (quick) {
                return ForwardPlan.quick(rounds == null ? QUICK_ROUNDS : rounds, generator, forwarding);
            }
            return ForwardPlan.full(rounds == null ? FULL_ROUNDS : rounds, generator, forwarding);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void requireCpu(String option, int cpu, int cpus) {
        if (cpu < 0 || cpu >= cpus) {
            throw new ParameterException(
                    spec.commandLine(), option + "=" + cpu + ", this machine has the CPUs 0-" + (cpus - 1));
        }
    }
}
