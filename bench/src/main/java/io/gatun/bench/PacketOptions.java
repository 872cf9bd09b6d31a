package io.gatun.bench;

import io.gatun.bench.cases.ForwardPlan;
import io.gatun.bench.cases.PacketPlan;
import io.gatun.bench.peers.Contender;
import io.gatun.bench.peers.GatunContender;
import io.gatun.bench.peers.NftablesContender;
import io.gatun.bench.peers.RingsAlone;
import io.gatun.bench.peers.XdpSwap;
import io.gatun.bench.traffic.Cpu;
import io.gatun.bench.traffic.Flows;
import io.gatun.bench.traffic.FrameKind;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What the cases have in common that send packets through one core. */
final class PacketOptions {
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

    @Option(
            names = "--frame-bytes",
            paramLabel = "N",
            defaultValue = "64",
            description = "Length of the frames with FCS, 64-1518, even (default ${DEFAULT-VALUE}).")
    private int frameBytes;

    PacketPlan plan(CaseOptions options, int rate) {
        check(options);
        int rounds = options.rounds();
        return options.plan(() -> options.quick()
                ? PacketPlan.quick(rounds, frames(), new Cpu(generatorCpu), new Cpu(forwardingCpu), rate)
                : PacketPlan.full(rounds, frames(), new Cpu(generatorCpu), new Cpu(forwardingCpu), rate));
    }

    ForwardPlan ladder(CaseOptions options, boolean overload, int flows) {
        check(options);
        int rounds = options.rounds();
        return options.plan(() -> options.quick()
                ? ForwardPlan.quick(
                        rounds, overload, frames(), Flows.of(flows), new Cpu(generatorCpu), new Cpu(forwardingCpu))
                : ForwardPlan.full(
                        rounds, overload, frames(), Flows.of(flows), new Cpu(generatorCpu), new Cpu(forwardingCpu)));
    }

    /** Leaves the forwarding CPU to the contenders. */
    void pin() {
        new Cpu(generatorCpu).pinThisProcess();
    }

    private void check(CaseOptions options) {
        options.requireCpu("--generator-cpu", generatorCpu);
        options.requireCpu("--forwarding-cpu", forwardingCpu);
    }

    private FrameKind frames() {
        return FrameKind.ofWire(frameBytes);
    }

    /** Who is measured in turns: Gatun and the kernel. */
    static List<Contender> peers() {
        return List.of(new GatunContender(), new NftablesContender());
    }

    /** Also what no load balancer on these links can exceed. */
    static List<Contender> withLimits() {
        List<Contender> all = new ArrayList<>(List.of(new GatunContender()));
        all.addAll(othersWithLimits());
        return all;
    }

    static List<Contender> othersWithLimits() {
        List<Contender> others = new ArrayList<>(List.of(new NftablesContender()));
        others.addAll(limits());
        return others;
    }

    /** What no load balancer on these links can exceed. */
    static List<Contender> limits() {
        return List.of(new XdpSwap(), new RingsAlone());
    }
}
