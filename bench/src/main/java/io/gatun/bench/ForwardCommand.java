package io.gatun.bench;

import io.gatun.bench.cases.ForwardBench;
import io.gatun.bench.cases.ForwardPlan;
import io.gatun.bench.cases.ForwardReport;
import io.gatun.bench.peers.Contender;
import io.gatun.bench.peers.GatunContender;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench forward}. */
@Command(
        name = "forward",
        description =
                "Packets per second on one core, UDP, 1,000 flows, one VIP, one-arm: Gatun, nftables DNAT+SNAT, and two"
                        + " limits, an XDP program that swaps MACs, and Gatun's rings without its pipeline. Needs root and two"
                        + " CPUs.",
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

    @Mixin
    private PacketOptions packets;

    @Override
    public Integer call() throws IOException {
        ForwardPlan plan = packets.ladder(options, false);
        options.begin();
        packets.pin();
        List<Contender> contenders = new ArrayList<>(List.of(new GatunContender(receiveAtSender)));
        contenders.addAll(PacketOptions.othersWithLimits());
        ForwardReport report = new ForwardBench(plan, contenders, System.err).run();
        return options.report(report.text(), report.result());
    }
}
