package io.gatun.bench.cases;

import io.gatun.bench.peers.Contender;
import io.gatun.bench.report.Better;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** CPU time of a forwarded packet at one rate that all contenders can take, asleep in between. */
public final class CostBench {
    /** Of the issue: times nftables. */
    private static final double TARGET = 0.6;

    private static final double KILO = 1e-3;

    private final PacketPlan plan;
    private final List<Contender> contenders;
    private final PrintStream progress;

    /** @param contenders the first is compared to each of the others */
    public CostBench(PacketPlan plan, List<Contender> contenders, PrintStream progress) {
        this.plan = plan;
        this.contenders = List.copyOf(contenders);
        this.progress = progress;
    }

    /** Measures all; when one run fails, so does the whole. */
    public SheetReport<?> run() {
        List<ContenderResult<PacketStage.Timed>> results = new PacketRounds<>(
                        plan.layout(), this::measure, CostBench::describe, progress)
                .run(plan.rounds(), contenders);
        return report(plan, results);
    }

    static SheetReport<PacketStage.Timed> report(PacketPlan plan, List<ContenderResult<PacketStage.Timed>> results) {
        String what =
                """
            CPU time for each packet that came back at %,d offered a second, sent by the clock; contenders sleep when idle,
            and what receives at the far end runs on the generator's CPU for all of them; own: the contender's tasks and the
            NAPI thread of its interface; core: all that the forwarding CPU did, by ticks of 10 ms; %d-byte frames, 1,000 UDP
            flows; each figure: median (min-max) over %d rounds
            """.formatted(plan.framesPerSecond(), plan.layout().frames().wireBytes(), plan.rounds());
        return plan.into(new SheetReport<>("cost", what, results))
                .plan("rate", plan.framesPerSecond())
                .column(
                        "own CPU time",
                        "ns/packet",
                        Better.LOWER,
                        0,
                        each -> each.step().cpuNsPerPacket())
                .column("time of the core", "ns/packet", Better.LOWER, 0, CostBench::corePerPacket)
                .column(new Column<>(
                        "offered",
                        "packets/s",
                        Better.NEITHER,
                        each -> each.step().offeredPps(),
                        KILO,
                        "kpps",
                        1))
                .column(
                        "loss",
                        "%",
                        Better.NEITHER,
                        3,
                        each -> 100 * each.step().loss())
                .goal(Goal.ratio("nftables", "own CPU time", "at most", TARGET))
                .goal(Goal.ratio("nftables", "time of the core", "at most", TARGET));
    }

    private PacketStage.Timed measure(PacketStage stage) {
        stage.warmUp(plan.warmUp());
        PacketStage.Timed timed = stage.timed(plan.framesPerSecond(), plan.window());
        stage.checkFlows();
        return timed;
    }

    private static double corePerPacket(PacketStage.Timed timed) {
        return (double) timed.coreNs() / timed.step().received();
    }

    /** Progress, not a figure. */
    private static String describe(PacketStage.Timed timed) {
        return String.format(
                Locale.ROOT,
                "%.0f ns a packet at %.0f kpps",
                timed.step().cpuNsPerPacket(),
                timed.step().offeredPps() * KILO);
    }
}
