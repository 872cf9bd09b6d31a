package io.gatun.bench;

import io.gatun.bench.cases.BulkBench;
import io.gatun.bench.cases.BulkPlan;
import io.gatun.bench.cases.BulkReport;
import io.gatun.bench.peers.GatunBulk;
import io.gatun.bench.peers.HaproxyBulk;
import io.gatun.bench.peers.NftablesBulk;
import io.gatun.bench.peers.Priority;
import io.gatun.bench.report.Spread;
import io.gatun.forwarder.control.IoEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench bulk}. */
@Command(
        name = "bulk",
        description = "Gb/s of one iperf3 TCP stream through one VIP across a bridge: Gatun, nftables DNAT+SNAT and"
                + " HAProxy in TCP mode, in turns. Needs root.",
        mixinStandardHelpOptions = true)
final class BulkCommand implements Callable<Integer> {
    private static final int QUICK_ROUNDS = 3;
    private static final int FULL_ROUNDS = 5;

    @Option(names = "--quick", description = "Shorter transfers, " + QUICK_ROUNDS + " rounds.")
    private boolean quick;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds, at least " + Spread.SAMPLES_MIN + " (default " + FULL_ROUNDS + ", quick "
                    + QUICK_ROUNDS + ").")
    private Integer rounds;

    @Option(
            names = "--io",
            paramLabel = "auto|xdp|raw",
            defaultValue = "auto",
            description = "Gatun's engine (default ${DEFAULT-VALUE}).")
    private IoEngine io;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the figures to this file.")
    private Path json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        BulkPlan plan = plan();
        CaseOptions.requireRoot(spec);
        Priority.raiseSession();
        BulkReport report = new BulkBench(
                        plan, List.of(new GatunBulk(io), new NftablesBulk(), new HaproxyBulk()), System.err)
                .run();
        System.out.print(report.text());
        CaseOptions.write(json, report.tree());
        return 0;
    }

    private BulkPlan plan() {
        try {
            return quick
                    ? BulkPlan.quick(rounds == null ? QUICK_ROUNDS : rounds)
                    : BulkPlan.full(rounds == null ? FULL_ROUNDS : rounds);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
