package io.gatun.bench.cases;

import io.gatun.bench.peers.Contender;
import io.gatun.bench.report.Better;
import io.gatun.bench.traffic.FrameKind;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** How late frames come back at half of what the slower contender can take, against the time at which each was due. */
public final class LatencyBench {
    private static final double[] CURVE = {1, 10, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99, 99.999, 100};
    private static final Duration SETTLE = Duration.ofMillis(300);
    private static final Duration FULL_SPEED = Duration.ofMillis(700);
    private static final double MICRO = 1e-3;
    private static final double KILO = 1e-3;

    private final PacketPlan plan;
    private final List<Contender> contenders;
    private final PrintStream progress;

    /**
     * A bench of these contenders.
     *
     * @param plan when its rate is 0, half of the lowest best rate is found first
     * @param contenders the first is compared to each of the others
     */
    public LatencyBench(PacketPlan plan, List<Contender> contenders, PrintStream progress) {
        this.plan = plan;
        this.contenders = List.copyOf(contenders);
        this.progress = progress;
    }

    /** Measures all; when one run fails, so does the whole. */
    public SheetReport<?> run() {
        int rate = plan.framesPerSecond() == 0 ? halfLoad() : plan.framesPerSecond();
        PacketRounds.Layout layout = plan.layout();
        PacketRounds.Layout timed = new PacketRounds.Layout(
                new FrameKind(layout.frames().bytes(), true), layout.generatorCpu(), layout.forwardingCpu());
        List<ContenderResult<PacketStage.Timed>> results = new PacketRounds<>(
                        timed, stage -> measure(stage, rate), LatencyBench::describe, progress)
                .run(plan.rounds(), contenders);
        return report(plan, results);
    }

    static SheetReport<PacketStage.Timed> report(PacketPlan plan, List<ContenderResult<PacketStage.Timed>> results) {
        String what =
                """
            how late frames are back at the wire's far end, against the time at which each was due, whatever became of those
            before it (open loop: what a late frame keeps waiting counts as delay); both contenders at one rate, half of what
            the slower one can take; generator and receiver share a CPU, and their delays are in all figures alike; %d-byte
            frames, 1,000 UDP flows, %d ms; each figure: median (min-max) over %d rounds
            """.formatted(plan.layout().frames().wireBytes(), plan.window().toMillis(), plan.rounds());
        SheetReport<PacketStage.Timed> report = plan.into(new SheetReport<>("latency", what, results));
        for (String percentile : List.of("50", "99", "99.9", "99.99", "100")) {
            String name = percentile.equals("100") ? "longest" : "p" + percentile;
            report.column(new Column<>(name, "ns", Better.LOWER, at(Double.parseDouble(percentile)), MICRO, "us", 1));
        }
        report.column("frames", "1", Better.NEITHER, 0, each -> each.delays().getTotalCount())
                .column(new Column<>(
                        "offered",
                        "packets/s",
                        Better.NEITHER,
                        each -> each.step().offeredPps(),
                        KILO,
                        "kpps",
                        0))
                .column(
                        "loss",
                        "%",
                        Better.NEITHER,
                        3,
                        each -> 100 * each.step().loss())
                .goal(Goal.difference("nftables", "p99.9", "at most 50"))
                .goal(Goal.alone("longest", "no pause over 1 ms in ten minutes (this is a shorter run)"));
        results.forEach(
                result -> report.detail("delays of " + result.contender() + ", ns by percentile", curve(result)));
        return report;
    }

    private int halfLoad() {
        PacketRounds<StepSample> full = new PacketRounds<>(
                plan.layout(),
                stage -> {
                    stage.warmUp(plan.warmUp());
                    return stage.step(0, SETTLE, FULL_SPEED);
                },
                sample -> "",
                progress);
        double lowest = Double.MAX_VALUE;
        for (Contender contender : contenders) {
            double best = full.once(contender).receivedPps();
            progress.printf(Locale.ROOT, "%s at full speed: %.0f kpps%n", contender.name(), best * KILO);
            lowest = Math.min(lowest, best);
        }
        return (int) (lowest / 2);
    }

    private PacketStage.Timed measure(PacketStage stage, int rate) {
        stage.warmUp(plan.warmUp());
        PacketStage.Timed timed = stage.timed(rate, plan.window());
        stage.checkFlows();
        return timed;
    }

    private static ToDoubleFunction<PacketStage.Timed> at(double percentile) {
        return timed -> timed.delays().getValueAtPercentile(percentile);
    }

    /** Medians over the rounds, for a plot. */
    private static Map<Double, Double> curve(ContenderResult<PacketStage.Timed> result) {
        Map<Double, Double> curve = new TreeMap<>();
        for (double percentile : CURVE) {
            curve.put(percentile, result.figure(at(percentile)).median());
        }
        return curve;
    }

    /** Progress, not a figure. */
    private static String describe(PacketStage.Timed timed) {
        List<String> parts = new ArrayList<>();
        for (double percentile : new double[] {50, 99.9, 100}) {
            parts.add(String.format(
                    Locale.ROOT,
                    "%.0f us at %s %%",
                    timed.delays().getValueAtPercentile(percentile) * MICRO,
                    percentile));
        }
        return String.join(", ", parts);
    }
}
