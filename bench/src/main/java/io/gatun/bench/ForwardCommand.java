package io.gatun.bench;

import io.gatun.bench.cases.ForwardBench;
import io.gatun.bench.cases.ForwardPlan;
import io.gatun.bench.cases.ForwardReport;
import io.gatun.bench.peers.GatunContender;
import io.gatun.bench.peers.NftablesContender;
import io.gatun.bench.traffic.Cpu;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench forward}. */
@Command(
        name = "forward",
        description = "Packets per second of Gatun and of nftables DNAT+SNAT on one core: 64-byte UDP, 1,000 flows, one"
                + " VIP, one-arm. Needs root and two CPUs.",
        mixinStandardHelpOptions = true)
final class ForwardCommand implements Callable<Integer> {
    @Mixin
    private CaseOptions options;

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

    @Override
    public Integer call() throws IOException {
        ForwardPlan plan = plan();
        options.begin();
        plan.generatorCpu().pinThisProcess();
        ForwardBench bench = new ForwardBench(
                plan, List.of(new GatunContender(receiveAtSender), new NftablesContender()), System.err);
        ForwardReport report = bench.run();
        return options.report(report.text(), report.result());
    }

    private ForwardPlan plan() {
        options.requireCpu("--generator-cpu", generatorCpu);
        options.requireCpu("--forwarding-cpu", forwardingCpu);
        Cpu generator = new Cpu(generatorCpu);
        Cpu forwarding = new Cpu(forwardingCpu);
        int rounds = options.rounds();
        return options.plan(() -> options.quick()
                ? ForwardPlan.quick(rounds, overload, generator, forwarding)
                : ForwardPlan.full(rounds, overload, generator, forwarding));
    }
}
