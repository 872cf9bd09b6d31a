package io.gatun.bench.cases;

import io.gatun.bench.peers.Contender;
import io.gatun.bench.report.Better;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The highest rate of which next to nothing is lost, by bisection (RFC 2544, section 26.1, with shorter trials). */
public final class NdrBench {
    /** Of the issue. */
    private static final double LOSS_MAX = 1e-3;

    /** The search ends when the bounds are this close, as a share of the upper one. */
    private static final double CLOSE = 0.04;

    /** A generator that is this much behind the rate asked for is the bottleneck itself. */
    private static final double SENDER_SHORT = 0.97;

    private static final Duration SETTLE = Duration.ofMillis(300);
    private static final Duration FULL_SPEED = Duration.ofMillis(700);
    private static final double ABOVE_FULL_SPEED = 1.1;
    private static final double KILO = 1e-3;

    private final PacketPlan plan;
    private final List<Contender> contenders;
    private final PrintStream progress;

    /**
     * What a search found.
     *
     * @param passed the fastest trial that lost little enough
     * @param trials how many there were
     * @param senderLimited whether no trial lost too much, so that the generator is what was measured
     */
    record Search(StepSample passed, int trials, boolean senderLimited) {}

    /** @param contenders the first is compared to each of the others */
    public NdrBench(PacketPlan plan, List<Contender> contenders, PrintStream progress) {
        this.plan = plan;
        this.contenders = List.copyOf(contenders);
        this.progress = progress;
    }

    /** Measures all; when one run fails, so does the whole. */
    public SheetReport<?> run() {
        List<ContenderResult<Search>> results = new PacketRounds<>(
                        plan.layout(), this::search, NdrBench::describe, progress)
                .run(plan.rounds(), contenders);
        return report(plan, results);
    }

    static SheetReport<Search> report(PacketPlan plan, List<ContenderResult<Search>> results) {
        String what = """
            the highest rate with a loss of at most %.1f %%, by bisection to %.0f %%; a trial of %d ms counts every frame from
            the first sent to the last received, sent by the clock; RFC 2544 has trials of 60 s; %d-byte frames, 1,000 UDP
            flows, one core; each figure: median (min-max) over %d rounds
            """.formatted(
                        100 * LOSS_MAX,
                        100 * CLOSE,
                        plan.trial().toMillis(),
                        plan.layout().frames().wireBytes(),
                        plan.rounds());
        return plan.into(new SheetReport<>("ndr", what, results))
                .column(new Column<>(
                        "rate without loss",
                        "packets/s",
                        Better.HIGHER,
                        each -> each.passed().receivedPps(),
                        KILO,
                        "kpps",
                        0))
                .column(
                        "loss",
                        "%",
                        Better.NEITHER,
                        3,
                        each -> 100 * each.passed().loss())
                .column(
                        "CPU time",
                        "ns/packet",
                        Better.LOWER,
                        0,
                        each -> each.passed().cpuNsPerPacket())
                .column("trials", "1", Better.NEITHER, 0, Search::trials)
                .column("limited by the generator", "1", Better.NEITHER, 0, each -> each.senderLimited() ? 1 : 0)
                .goal(Goal.ratio("nftables", "rate without loss", "at least", Targets.NFTABLES))
                .goal(Goal.ratio("xdp swap", "rate without loss", "at least", Targets.XDP_SWAP))
                .goal(Goal.ratio("rings alone", "rate without loss", "at least", Targets.RINGS_ALONE));
    }

    private Search search(PacketStage stage) {
        stage.warmUp(plan.warmUp());
        return search(stage, plan.trial(), stage.step(0, SETTLE, FULL_SPEED).receivedPps());
    }

    /** @param best packets a second that come back whatever is lost */
    static Search search(PacketStage stage, Duration window, double best) {
        double low = 0;
        double high = ABOVE_FULL_SPEED * best;
        StepSample passed = null;
        boolean senderLimited = true;
        int trials = 0;
        double rate = best;
        while (high - low > CLOSE * high) {
            StepSample trial = stage.timed((int) rate, window).step();
            trials++;
            boolean isShort = trial.offeredPps() < SENDER_SHORT * rate;
            if (trial.loss() <= LOSS_MAX && !isShort) {
                low = rate;
                passed = trial;
            } else {
                high = rate;
                senderLimited &= isShort && trial.loss() <= LOSS_MAX;
            }
            rate = (low + high) / 2;
        }
        if (passed == null) {
            throw new IllegalStateException("no rate down to " + (int) high + " packets a second had a loss of at most "
                    + LOSS_MAX + ", there is nothing to compare");
        }
        return new Search(passed, trials, senderLimited);
    }

    /** Progress, not a figure. */
    private static String describe(Search search) {
        return String.format(
                Locale.ROOT,
                "%.0f kpps after %d trials%s",
                search.passed().receivedPps() * KILO,
                search.trials(),
                search.senderLimited() ? ", the generator makes no more" : "");
    }
}
