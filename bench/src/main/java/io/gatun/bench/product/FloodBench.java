package io.gatun.bench.product;

import io.gatun.bench.cases.Column;
import io.gatun.bench.cases.ContenderResult;
import io.gatun.bench.cases.Goal;
import io.gatun.bench.cases.Rounds;
import io.gatun.bench.cases.SheetReport;
import io.gatun.bench.cases.Windows;
import io.gatun.bench.peers.FloodBed;
import io.gatun.bench.peers.NewConnections;
import io.gatun.bench.report.Better;
import io.gatun.bench.traffic.Generator;
import io.gatun.bench.traffic.Pacer;
import io.gatun.lab.Conversations;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A flood of SYNs from forged sources, as fast as the generator makes them, beside honest connections. */
public final class FloodBench {
    private static final int HONEST = 200;
    private static final int NEW_PER_S = 50;

    /** A new connection that has no answer by then has failed; a SYN that is lost is sent again after 1 s, 3 and 7. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** TCP's longest wait between two tries after so much of a flood, and some. */
    private static final long AFTERWARDS_NS = TimeUnit.SECONDS.toNanos(30);

    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final int CORRECTIONS = 8;
    private static final int WINDOWS = 2;
    private static final double NS_PER_S = 1e9;
    private static final double KILO = 1e-3;
    private static final double MILLI = 1e-6;
    private static final double P99 = 99;
    private static final String DROP = "drop_";
    private static final List<Way> WAYS = List.of(
            new Way("gatun", "--agent-priority=1", List.of("--agent-priority=1")),
            new Way("gatun, default", "no option", List.of()));

    private final ProductPlan plan;
    private final int rate;
    private final Path home;
    private final PrintStream progress;

    /** @param options of {@code gatun run} */
    private record Way(String title, String setup, List<String> options) {}

    /**
     * What one flood did.
     *
     * @param offered SYNs a second that were sent
     * @param received packets a second that Gatun took in, honest ones too
     * @param kept honest connections that were there before, and answer when it is over
     * @param answered of these, how many were answered within {@link #PATIENCE} while it went on
     * @param fresh those that came while it went on
     * @param drops packets a second by the reason for which they were dropped
     */
    record Sample(
            double offered,
            double received,
            int kept,
            int answered,
            NewConnections.Outcome fresh,
            Map<String, Double> drops) {}

    /**
     * A bench of the whole product.
     *
     * @param rate of SYNs, a second
     * @param home root of Gatun's tree, which is built
     */
    public FloodBench(ProductPlan plan, int rate, Path home, PrintStream progress) {
        this.plan = plan;
        this.rate = rate;
        this.home = home;
        this.progress = progress;
    }

    /** Measures; when one run fails, so does the whole. */
    public SheetReport<?> run() {
        List<List<Sample>> samples =
                new Rounds<>(Way::title, this::measure, FloodBench::describe, progress).run(plan.rounds(), WAYS);
        return report(plan, samples);
    }

    /** @param samples one list for each way */
    static SheetReport<Sample> report(ProductPlan plan, List<List<Sample>> samples) {
        List<ContenderResult<Sample>> results = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            Way way = WAYS.get(i);
            results.add(new ContenderResult<>(
                    way.title(), "gatun run on one CPU, one-arm; " + way.setup(), "", samples.get(i)));
        }
        String what = """
            SYNs from %,d forged sources as fast as the generator makes them, into the queue by which honest packets come too;
            %d connections that exchange data once a second each, and %d new ones a second, half of them from addresses that
            were not heard of before, which have failed without an answer in %d s, in which old ones are answered meanwhile or not; kept is who answers
            afterwards; client, server, switch and generator share
            the other CPU; %d s; each figure: median (min-max) over %d rounds
            """.formatted(
                        FloodBed.SOURCES,
                        HONEST,
                        NEW_PER_S,
                        PATIENCE.toSeconds(),
                        floodTime(plan).toSeconds(),
                        plan.rounds());
        SheetReport<Sample> report = new SheetReport<>("flood", what, results)
                .plan("seconds", (int) floodTime(plan).toSeconds())
                .plan("sources", FloodBed.SOURCES)
                .plan("newPerSecond", NEW_PER_S)
                .column(new Column<>("SYNs offered", "packets/s", Better.NEITHER, Sample::offered, KILO, "kpps", 0))
                .column(new Column<>(
                        "packets received", "packets/s", Better.NEITHER, Sample::received, KILO, "kpps", 0))
                .column("connections kept of " + HONEST, "1", Better.HIGHER, 0, Sample::kept)
                .column("answered meanwhile", "1", Better.HIGHER, 0, Sample::answered)
                .column(
                        "new ones that succeeded",
                        "%",
                        Better.HIGHER,
                        1,
                        each -> each.fresh().percent())
                .column(delay("answered after, p50", 50))
                .column(delay("answered after, p99", P99))
                .goal(Goal.alone("connections kept of " + HONEST, "all"))
                .goal(Goal.alone("new ones that succeeded", "at least 99"));
        results.forEach(result -> report.detail(
                "dropped by " + result.contender() + " in the last round, packets/s",
                result.rounds().getLast().drops()));
        return report;
    }

    private static Column<Sample> delay(String name, double percentile) {
        return new Column<>(
                name,
                "ns",
                Better.LOWER,
                each -> each.fresh().delays().getValueAtPercentile(percentile),
                MILLI,
                "ms",
                1);
    }

    private static Duration floodTime(ProductPlan plan) {
        return plan.window().multipliedBy(WINDOWS);
    }

    private Sample measure(Way way) {
        String rule = Node.rule("tcp", FloodBed.SERVICE_PORT, Node.Mode.ONE_ARM, FloodBed.SERVER);
        try (FloodBed bed = FloodBed.open(plan.generatorCpu());
                Node node = Node.startWith(bed.lb(), home, rule, way.options().toArray(String[]::new))) {
            bed.receiveOn(plan.forwardingCpu());
            Pacer pacer = new Pacer(rate);
            flood(bed.generator(), pacer);
            node.bind(plan.forwardingCpu());
            flood(bed.generator(), pacer);
            return measure(bed, node, pacer.delay());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the honest connections: " + e.getMessage(), e);
        }
    }

    /** Finds the delay at which the generator keeps the rate; without one it would fill a ring again at each frame. */
    private void flood(Generator generator, Pacer pacer) {
        generator.start(pacer.delay());
        for (int i = 0; i < CORRECTIONS; i++) {
            long sentBefore = generator.sent();
            long startNs = System.nanoTime();
            Windows.pass(WARM_UP.dividedBy(CORRECTIONS));
            pacer.observe(generator.sent() - sentBefore, System.nanoTime() - startNs);
            generator.delay(pacer.delay());
        }
        generator.stop();
    }

    private Sample measure(FloodBed bed, Node node, int delay) throws Exception {
        try (Conversations honest =
                Conversations.open(bed.client(), FloodBed.VIP, FloodBed.SERVICE_PORT, HONEST, 0, 0)) {
            int missing = honest.awaitAnswers(PATIENCE.toNanos()).missing();
            if (missing > 0) {
                throw new IllegalStateException(missing + " of " + HONEST + " were not answered before the flood");
            }
            Map<String, Long> before = node.counters();
            long sentBefore = bed.generator().sent();
            long startNs = System.nanoTime();
            bed.generator().start(delay);
            CompletableFuture<NewConnections.Outcome> fresh =
                    NewConnections.open(bed.client(), NEW_PER_S, floodTime(plan), PATIENCE);
            NewConnections.Outcome outcome =
                    fresh.get(floodTime(plan).plus(PATIENCE).multipliedBy(2).toSeconds(), TimeUnit.SECONDS);
            honest.mark();
            honest.awaitAnswers(PATIENCE.toNanos());
            int answered = HONEST - honest.lostConnections();
            double seconds = (System.nanoTime() - startNs) / NS_PER_S;
            long sent = bed.generator().sent() - sentBefore;
            Map<String, Long> after = node.counters();
            bed.generator().stop();
            honest.mark();
            honest.awaitAnswers(AFTERWARDS_NS);
            return new Sample(
                    sent / seconds,
                    rate(before, after, "rx_packets", seconds),
                    HONEST - honest.lostConnections(),
                    answered,
                    outcome,
                    drops(before, after, seconds));
        }
    }

    private static Map<String, Double> drops(Map<String, Long> before, Map<String, Long> after, double seconds) {
        Map<String, Double> drops = new TreeMap<>();
        for (String label : after.keySet()) {
            double rate = rate(before, after, label, seconds);
            if (rate > 0 && label.startsWith(DROP)) {
                drops.put(label.substring(DROP.length()), rate);
            }
        }
        return drops;
    }

    private static double rate(Map<String, Long> before, Map<String, Long> after, String label, double seconds) {
        return (after.getOrDefault(label, 0L) - before.getOrDefault(label, 0L)) / seconds;
    }

    /** Progress, not a figure. */
    private static String describe(Sample sample) {
        return String.format(
                Locale.ROOT,
                "%.0f kpps of SYNs, %.0f received, %d of %d kept, %d answered, %d of %d new ones, p99 %.0f ms, drops a second %s",
                sample.offered() * KILO,
                sample.received() * KILO,
                sample.kept(),
                HONEST,
                sample.answered(),
                sample.fresh().delays().getTotalCount(),
                sample.fresh().opened(),
                sample.fresh().delays().getValueAtPercentile(P99) * MILLI,
                sample.drops());
    }
}
