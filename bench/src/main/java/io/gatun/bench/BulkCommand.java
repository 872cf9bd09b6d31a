package io.gatun.bench;

import io.gatun.bench.cases.BulkBench;
import io.gatun.bench.cases.BulkPlan;
import io.gatun.bench.cases.BulkReport;
import io.gatun.bench.peers.GatunBulk;
import io.gatun.bench.peers.HaproxyBulk;
import io.gatun.bench.peers.NftablesBulk;
import io.gatun.forwarder.control.IoEngine;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench bulk}. */
@Command(
        name = "bulk",
        description = "Gb/s of one iperf3 TCP stream through one VIP across a bridge: Gatun, nftables DNAT+SNAT and"
                + " HAProxy in TCP mode, in turns. Needs root.",
        mixinStandardHelpOptions = true)
final class BulkCommand implements Callable<Integer> {
    @Mixin
    private CaseOptions options;

    @Option(
            names = "--io",
            paramLabel = "auto|xdp|raw",
            defaultValue = "auto",
            description = "Gatun's engine (default ${DEFAULT-VALUE}).")
    private IoEngine io;

    @Override
    public Integer call() throws IOException {
        BulkPlan plan = plan();
        options.begin();
        BulkReport report = new BulkBench(
                        plan, List.of(new GatunBulk(io), new NftablesBulk(), new HaproxyBulk()), System.err)
                .run();
        options.report(report.text(), report.tree());
        return 0;
    }

    private BulkPlan plan() {
        int rounds = options.rounds();
        return options.plan(() -> options.quick() ? BulkPlan.quick(rounds) : BulkPlan.full(rounds));
    }
}
