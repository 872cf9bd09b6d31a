package io.gatun.bench.product;

import io.gatun.bench.cases.Column;
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

/** What is resident with many connections. */
public final class MemoryBench {
    private static final int CONNECTIONS = 100_000;

    /** Each flow is seen once a second, so that none is forgotten. */
    private static final int RATE = CONNECTIONS;

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final String SETUP = "gatun run, DNAT, one interface; JVM as scripts/run.flags set it; ";
    private static final List<Way> WAYS = List.of(
            new Way("gatun", "a table of the default size", List.of()),
            new Way("gatun, small table", "--conntrack-size=150000", List.of("--conntrack-size=150000")));
    private static final double MEGA = 1e-6;

    private final ProductPlan plan;
    private final Path home;
    private final PrintStream progress;

    /** @param options of {@code gatun run} */
    private record Way(String title, String setup, List<String> options) {}

    /**
     * What one start used.
     *
     * @param before resident without connections, after a rule was made
     * @param resident with them
     * @param anonymous of that
     * @param connections in the table
     */
    record Sample(long before, long resident, long anonymous, long connections) {}

    /** @param home root of Gatun's tree, which is built */
    public MemoryBench(ProductPlan plan, Path home, PrintStream progress) {
        this.plan = plan;
        this.home = home;
        this.progress = progress;
    }

    /** Measures; when one run fails, so does the whole. */
    public SheetReport<?> run() {
        List<List<Sample>> samples =
                new Rounds<>(Way::title, this::measure, MemoryBench::describe, progress).run(plan.rounds(), WAYS);
        return report(plan, samples);
    }

    /** @param samples one list for each way */
    static SheetReport<Sample> report(ProductPlan plan, List<List<Sample>> samples) {
        List<ContenderResult<Sample>> results = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            Way way = WAYS.get(i);
            results.add(new ContenderResult<>(way.title(), SETUP + way.setup(), "", samples.get(i)));
        }
        String what = """
            resident memory of the whole product (VmRSS: heap, JVM, libraries, mapped files as far as touched, the table and
            the rings' frames among them) while %,d UDP flows are each seen once a second; each figure: median (min-max) over
            %d starts
            """.formatted(CONNECTIONS, plan.rounds());
        return new SheetReport<>("memory", what, results)
                .plan("connections", CONNECTIONS)
                .column(new Column<>("resident", "bytes", Better.LOWER, Sample::resident, MEGA, "MB", 0))
                .column(new Column<>("of it anonymous", "bytes", Better.LOWER, Sample::anonymous, MEGA, "MB", 0))
                .column(new Column<>("without connections", "bytes", Better.LOWER, Sample::before, MEGA, "MB", 0))
                .column("connections", "1", Better.NEITHER, 0, Sample::connections)
                .goal(Goal.alone("resident", "at most 300"));
    }

    private Sample measure(Way way) {
        try (Testbed bed = Testbed.ofMany(plan.generatorCpu(), plan.forwardingCpu(), CONNECTIONS);
                Node node =
                        Node.start(bed.lb(), home, Node.Mode.DNAT, way.options().toArray(String[]::new))) {
            long before = node.residentBytes();
            bed.generator().startTimed(RATE);
            long deadline = System.nanoTime() + PATIENCE_NS;
            while (node.connections() < CONNECTIONS) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException("only " + node.connections() + " connections after "
                            + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NS) + " s");
                }
                Windows.pass(LOOK_AGAIN);
            }
            Windows.pass(plan.window());
            Sample sample = new Sample(before, node.residentBytes(), node.anonymousBytes(), node.connections());
            bed.generator().stop();
            return sample;
        }
    }

    /** Progress, not a figure. */
    private static String describe(Sample sample) {
        return String.format(Locale.ROOT, "%.0f MB, %,d connections", sample.resident() * MEGA, sample.connections());
    }
}
