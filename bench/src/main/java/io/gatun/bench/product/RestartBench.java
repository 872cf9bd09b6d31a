package io.gatun.bench.product;

import io.gatun.bench.cases.ContenderResult;
import io.gatun.bench.cases.Goal;
import io.gatun.bench.cases.Rounds;
import io.gatun.bench.cases.SheetReport;
import io.gatun.bench.cases.Windows;
import io.gatun.bench.peers.Testbed;
import io.gatun.bench.report.Better;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** For how long a node that stands alone forwards nothing when it is killed, and when it is told to end, and started anew. */
public final class RestartBench {
    private static final int RATE = 20_000;
    private static final Duration CALM = Duration.ofSeconds(1);
    private static final Duration DRAIN = Duration.ofMillis(50);
    private static final double NS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ProductPlan plan;
    private final Path home;
    private final PrintStream progress;

    /** How it ends. */
    enum End {
        KILL("gatun, kill -9", "killed, and started at once"),
        TERM("gatun, SIGTERM", "told to end, and started when it has");

        private final String title;
        private final String setup;

        End(String title, String setup) {
            this.title = title;
            this.setup = setup;
        }

        String title() {
            return title;
        }
    }

    /**
     * What one restart cost.
     *
     * @param lost frames
     * @param sent frames in all
     * @param readyNs from the signal until the next one was ready
     */
    record Sample(long lost, long sent, long readyNs) {
        double gapMs() {
            return lost * 1e3 / RATE;
        }
    }

    /** @param home root of Gatun's tree, which is built */
    public RestartBench(ProductPlan plan, Path home, PrintStream progress) {
        this.plan = plan;
        this.home = home;
        this.progress = progress;
    }

    /** Measures; when one run fails, so does the whole. */
    public SheetReport<?> run() {
        List<List<Sample>> samples = new Rounds<>(End::title, this::measure, RestartBench::describe, progress)
                .run(plan.rounds(), List.of(End.values()));
        return report(plan, samples);
    }

    static SheetReport<Sample> report(ProductPlan plan, List<List<Sample>> samples) {
        List<ContenderResult<Sample>> results = new ArrayList<>();
        End[] all = End.values();
        for (int i = 0; i < all.length; i++) {
            results.add(new ContenderResult<>(all[i].title, all[i].setup, "", samples.get(i)));
        }
        String what = """
            a node without a peer is ended and started anew in the middle of %,d packets a second of 1,000 UDP flows that come
            by the clock; the gap is what was lost over that rate; ready: from the signal until the next process says so; each
            figure: median (min-max) over %d rounds
            """.formatted(RATE, plan.rounds());
        return new SheetReport<>("restart", what, results)
                .plan("rate", RATE)
                .column("gap", "ms", Better.LOWER, 0, Sample::gapMs)
                .column("packets lost", "1", Better.LOWER, 0, Sample::lost)
                .column("ready after", "ms", Better.LOWER, 0, each -> each.readyNs() / NS_PER_MS)
                .goal(Goal.alone("gap", "none, a start of the JVM bounds it"));
    }

    private Sample measure(End end) {
        try (Testbed bed = Testbed.ofNat(plan.generatorCpu(), plan.forwardingCpu());
                Node node = Node.start(bed.lb(), home, Node.Mode.ONE_ARM)) {
            bed.generator().startTimed(RATE);
            Windows.pass(CALM);
            long sentBefore = bed.generator().sent();
            long receivedBefore = bed.sink().frames();
            long startNs = System.nanoTime();
            node.restart(end == End.KILL);
            long readyNs = System.nanoTime() - startNs;
            Windows.pass(CALM);
            bed.generator().stop();
            Windows.pass(DRAIN);
            long sent = bed.generator().sent() - sentBefore;
            long received = bed.sink().frames() - receivedBefore;
            if (received == 0) {
                throw new IllegalStateException("nothing came back after the restart");
            }
            return new Sample(Math.max(0, sent - received), sent, readyNs);
        }
    }

    /** Progress, not a figure. */
    private static String describe(Sample sample) {
        return String.format(
                Locale.ROOT, "%.0f ms without packets, ready after %.0f", sample.gapMs(), sample.readyNs() / NS_PER_MS);
    }
}
