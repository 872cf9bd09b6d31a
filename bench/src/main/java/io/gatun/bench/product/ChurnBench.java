package io.gatun.bench.product;

import io.gatun.bench.cases.Column;
import io.gatun.bench.cases.ContenderResult;
import io.gatun.bench.cases.Goal;
import io.gatun.bench.cases.Rounds;
import io.gatun.bench.cases.SheetReport;
import io.gatun.bench.cases.Windows;
import io.gatun.bench.peers.Testbed;
import io.gatun.bench.report.Better;
import io.gatun.bench.traffic.FrameKind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;

/** Changes of rules, one after the other as fast as they are answered, while packets flow; and the same packets in peace. */
public final class ChurnBench {
    private static final int RATE = 50_000;
    private static final int RULES = 8;
    private static final int FIRST_PORT = 9_000;
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration DRAIN = Duration.ofMillis(50);
    private static final double P99 = 99;
    private static final double P999 = 99.9;
    private static final double MICRO = 1e-3;
    private static final double MILLI = 1e-6;

    private final ProductPlan plan;
    private final Path home;
    private final PrintStream progress;

    /** What happens beside the packets. */
    enum Beside {
        CHANGES("gatun, changing", "rules get another endpoint, and lose it, over one connection to the API"),
        NOTHING("gatun, calm", "no changes");

        private final String title;
        private final String setup;

        Beside(String title, String setup) {
            this.title = title;
            this.setup = setup;
        }

        String title() {
            return title;
        }
    }

    /**
     * What one window saw.
     *
     * @param answers times until changes were answered, ns
     * @param delays of packets, ns
     */
    record Sample(Histogram answers, Histogram delays, long sent, long received, double seconds) {
        double changesPerSecond() {
            return answers.getTotalCount() / seconds;
        }

        double lossPercent() {
            return 100.0 * Math.max(0, sent - received) / sent;
        }
    }

    /** @param home root of Gatun's tree, which is built */
    public ChurnBench(ProductPlan plan, Path home, PrintStream progress) {
        this.plan = plan;
        this.home = home;
        this.progress = progress;
    }

    /** Measures; when one run fails, so does the whole. */
    public SheetReport<?> run() {
        List<List<Sample>> samples = new Rounds<>(Beside::title, this::measure, ChurnBench::describe, progress)
                .run(plan.rounds(), List.of(Beside.values()));
        return report(plan, samples);
    }

    static SheetReport<Sample> report(ProductPlan plan, List<List<Sample>> samples) {
        List<ContenderResult<Sample>> results = new ArrayList<>();
        Beside[] all = Beside.values();
        for (int i = 0; i < all.length; i++) {
            results.add(new ContenderResult<>(all[i].title, all[i].setup, "", samples.get(i)));
        }
        String what = """
            the whole product on one core with %,d packets a second of 1,000 UDP flows that come by the clock, while %d other
            rules of the VIP are changed in turns, each change after the answer to the one before it; delays of packets
            against the time at which each was due; each figure: median (min-max) over %d rounds
            """.formatted(RATE, RULES, plan.rounds());
        return new SheetReport<>("churn", what, results)
                .plan("rate", RATE)
                .plan("rules", RULES)
                .column("changes", "1/s", Better.HIGHER, 0, Sample::changesPerSecond)
                .column(answer("answer p50", 50))
                .column(answer("answer p99", P99))
                .column("loss", "%", Better.LOWER, 3, Sample::lossPercent)
                .column(delay("delay p50", 50))
                .column(delay("delay p99.9", P999))
                .column(delay("longest delay", 100))
                .goal(Goal.difference(Beside.NOTHING.title, "delay p99.9", "none is set"));
    }

    private static Column<Sample> answer(String name, double percentile) {
        return new Column<>(
                name, "ns", Better.LOWER, each -> each.answers().getValueAtPercentile(percentile), MILLI, "ms", 2);
    }

    private static Column<Sample> delay(String name, double percentile) {
        return new Column<>(
                name, "ns", Better.LOWER, each -> each.delays().getValueAtPercentile(percentile), MICRO, "us", 0);
    }

    private Sample measure(Beside beside) {
        FrameKind timed = new FrameKind(FrameKind.SMALLEST.bytes(), true);
        try (Testbed bed = Testbed.ofNat(plan.generatorCpu(), plan.forwardingCpu(), timed);
                Node node = Node.start(bed.lb(), home, Node.Mode.ONE_ARM)) {
            node.bind(plan.forwardingCpu());
            AtomicInteger next = new AtomicInteger();
            bed.generator().startTimed(RATE);
            changing(bed, WARM_UP, beside, next).join();
            Histogram before = bed.sink().delays();
            long sentBefore = bed.generator().sent();
            long receivedBefore = bed.sink().frames();
            long startNs = System.nanoTime();
            Histogram answers = changing(bed, plan.window(), beside, next).join();
            double seconds = (System.nanoTime() - startNs) / 1e9;
            bed.generator().stop();
            Windows.pass(DRAIN);
            Histogram delays = bed.sink().delays();
            delays.subtract(before);
            return new Sample(
                    answers,
                    delays,
                    bed.generator().sent() - sentBefore,
                    bed.sink().frames() - receivedBefore,
                    seconds);
        }
    }

    private static CompletableFuture<Histogram> changing(
            Testbed bed, Duration time, Beside beside, AtomicInteger next) {
        if (beside == Beside.NOTHING) {
            Windows.pass(time);
            return CompletableFuture.completedFuture(new Histogram(3));
        }
        return CompletableFuture.supplyAsync(() -> {
            try {
                return bed.lb().call(() -> change(time, next));
            } catch (Exception e) {
                throw new CompletionException("a rule could not be changed: " + e.getMessage(), e);
            }
        });
    }

    /** @param next number of the next change: each makes a rule other than the one before it left it */
    private static Histogram change(Duration time, AtomicInteger next) throws IOException {
        Histogram answers = new Histogram(3);
        String endpoint = Testbed.ENDPOINT.getHostAddress();
        String other = Testbed.CLIENT.getHostAddress();
        long endNs = System.nanoTime() + time.toNanos();
        try (Rest rest = Rest.open(Node.API, Node.API_PORT)) {
            while (System.nanoTime() - endNs < 0) {
                int i = next.getAndIncrement();
                int port = FIRST_PORT + i % RULES;
                boolean isPlain = i / RULES % 2 == 0;
                String rule = isPlain
                        ? Node.rule(port, Node.Mode.ONE_ARM, endpoint)
                        : Node.rule(port, Node.Mode.ONE_ARM, endpoint, other);
                long askedNs = System.nanoTime();
                rest.post(Node.RULES, rule);
                answers.recordValue(System.nanoTime() - askedNs);
            }
        }
        return answers;
    }

    /** Progress, not a figure. */
    private static String describe(Sample sample) {
        return String.format(
                Locale.ROOT,
                "%.0f changes a second, loss %.3f %%, %.0f us at 99.9 %%",
                sample.changesPerSecond(),
                sample.lossPercent(),
                sample.delays().getValueAtPercentile(P999) * MICRO);
    }
}
