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
    private static final String SETUP = "gatun run, DNAT, one interface, defaults; JVM as scripts/run.flags set it";
    private static final double MEGA = 1e-6;

    private final ProductPlan plan;
    private final Path home;
    private final PrintStream progress;

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
        List<List<Sample>> samples = new Rounds<String, Sample>(
                        each -> each, each -> measure(), MemoryBench::describe, progress)
                .run(plan.rounds(), List.of("gatun"));
        return report(plan, samples.getFirst());
    }

    static SheetReport<Sample> report(ProductPlan plan, List<Sample> samples) {
        String what = """
            resident memory of the whole product (VmRSS: heap, JVM, libraries, mapped files as far as touched, the table and
            the rings' frames among them) while %,d UDP flows are each seen once a second; each figure: median (min-max) over
            %d starts
            """.formatted(CONNECTIONS, plan.rounds());
        return new SheetReport<>("memory", what, List.of(new ContenderResult<>("gatun", SETUP, "", samples)))
                .plan("connections", CONNECTIONS)
                .column(new Column<>("resident", "bytes", Better.LOWER, Sample::resident, MEGA, "MB", 0))
                .column(new Column<>("of it anonymous", "bytes", Better.LOWER, Sample::anonymous, MEGA, "MB", 0))
                .column(new Column<>("without connections", "bytes", Better.LOWER, Sample::before, MEGA, "MB", 0))
                .column("connections", "1", Better.NEITHER, 0, Sample::connections)
                .goal(Goal.alone("resident", "at most 300"));
    }

    private Sample measure() {
        try (Testbed bed = Testbed.ofMany(plan.generatorCpu(), plan.forwardingCpu(), CONNECTIONS);
                Node node = Node.start(bed.lb(), home, Node.Mode.DNAT)) {
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
