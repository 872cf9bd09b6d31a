package io.gatun.bench;

import io.gatun.bench.cases.BulkBench;
import io.gatun.bench.cases.BulkPlan;
import io.gatun.bench.cases.BulkReport;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench bulk}. */
@Command(
        name = "bulk",
        description = "Gb/s of one iperf3 TCP stream through one VIP across a bridge: Gatun, nftables DNAT+SNAT,"
                + " HAProxy in TCP mode, nginx stream, in turns. Needs root.",
        mixinStandardHelpOptions = true)
final class BulkCommand implements Callable<Integer> {
    @Mixin
    private CaseOptions options;

    @Mixin
    private TcpPeers peers;

    @Override
    public Integer call() throws IOException {
        BulkPlan plan = plan();
        options.begin();
        BulkReport report = new BulkBench(plan, peers.contenders(), System.err).run();
        return options.report(report.text(), report.result());
    }

    private BulkPlan plan() {
        int rounds = options.rounds();
        return options.plan(() -> options.quick() ? BulkPlan.quick(rounds) : BulkPlan.full(rounds));
    }
}
