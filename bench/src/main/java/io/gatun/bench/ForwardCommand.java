package io.gatun.bench;

import io.gatun.bench.cases.ForwardBench;
import io.gatun.bench.cases.ForwardEntry;
import io.gatun.bench.cases.ForwardPlan;
import io.gatun.bench.cases.ForwardReport;
import io.gatun.bench.peers.Contender;
import io.gatun.bench.peers.GatunContender;
import io.gatun.bench.peers.NftablesContender;
import io.gatun.bench.traffic.Flows;
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
                "Packets per second on one core, UDP, one VIP, one-arm: Gatun, nftables DNAT+SNAT, and two limits, an XDP"
                        + " program that swaps MACs, and Gatun's rings without its pipeline; with --flows Gatun and nftables,"
                        + " beside themselves with 1,000 flows. Needs root and two CPUs.",
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
            names = "--flows",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many flows, 1-1000000 (default ${DEFAULT-VALUE}). Many raise the machine's limit of"
                    + " conntrack while nftables is measured.")
    private int flows;

    @Mixin
    private PacketOptions packets;

    @Override
    public Integer call() throws IOException {
        ForwardPlan plan = packets.ladder(options, false, flows);
        options.begin();
        packets.pin();
        ForwardReport report = new ForwardBench(plan, entries(plan.flows()), System.err).run();
        return options.report(report.text(), report.result());
    }

    /** The limits do not know flows. */
    private List<ForwardEntry> entries(Flows each) {
        List<Contender> contenders = new ArrayList<>(List.of(new GatunContender(receiveAtSender)));
        boolean isUsual = each.equals(Flows.USUAL);
        contenders.addAll(isUsual ? PacketOptions.othersWithLimits() : List.of(new NftablesContender()));
        List<ForwardEntry> entries = new ArrayList<>();
        contenders.forEach(contender -> entries.add(ForwardEntry.of(contender, each)));
        if (!isUsual) {
            contenders.forEach(contender -> entries.add(ForwardEntry.few(contender, each)));
        }
        return entries;
    }
}
