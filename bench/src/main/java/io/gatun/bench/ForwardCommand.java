package io.gatun.bench;

import io.gatun.bench.cases.ForwardBench;
import io.gatun.bench.cases.ForwardPlan;
import io.gatun.bench.cases.ForwardReport;
import io.gatun.bench.peers.GatunContender;
import io.gatun.bench.peers.NftablesContender;
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
            names = "--receive-at-sender",
            description =
                    "Gatun spins, and the kernel receives for it on the generator's CPU, as veth does without more."
                            + " Not one core then: for comparison with earlier figures.")
    private boolean receiveAtSender;

    @Option(
            names = "--overload",
            description = "After the ladder offers twice the best rate, and says how much of the best is left.")
    private boolean overload;

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
        CaseOptions.requireRoot(spec);
        Priority.raiseSession();
        plan.generatorCpu().pinThisProcess();
        ForwardBench bench = new ForwardBench(
                plan, List.of(new GatunContender(receiveAtSender), new NftablesContender()), System.err);
        ForwardReport report = bench.run();
        System.out.print(report.text());
        CaseOptions.write(json, report.tree());
        return 0;
    }

    private ForwardPlan plan() {
        CaseOptions.requireCpu(spec, "--generator-cpu", generatorCpu);
        CaseOptions.requireCpu(spec, "--forwarding-cpu", forwardingCpu);
        try {
            Cpu generator = new Cpu(generatorCpu);
            Cpu forwarding = new Cpu(forwardingCpu);
            if (quick) {
                return ForwardPlan.quick(rounds == null ? QUICK_ROUNDS : rounds, overload, generator, forwarding);
            }
            return ForwardPlan.full(rounds == null ? FULL_ROUNDS : rounds, overload, generator, forwarding);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
