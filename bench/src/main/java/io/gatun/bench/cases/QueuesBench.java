package io.gatun.bench.cases;

import io.gatun.bench.peers.Contender;
import io.gatun.bench.peers.GatunQueues;
import io.gatun.bench.peers.MachineClock;
import io.gatun.bench.peers.Testbed;
import io.gatun.bench.traffic.Cpu;
import io.gatun.bench.traffic.Generator;
import io.gatun.bench.traffic.Pacer;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** One queue on each core in turn, then two on both; each core makes, forwards and sinks its own traffic. */
public final class QueuesBench {
    /** A first rate that opens all flows before rings are full. */
    private static final int GENTLE_PPS = 100_000;

    private static final Duration GENTLE_TIME = Duration.ofMillis(500);
    private static final double KILO = 1_000;

    private final QueuesPlan plan;
    private final PrintStream progress;

    /** A bench that prints a line for each run. */
    public QueuesBench(QueuesPlan plan, PrintStream progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** Measures all; when one run fails, so does the whole. */
    public QueuesReport run() {
        List<List<QueuesSample>> samples = new Rounds<>(
                        QueuesPlan.Layout::name, this::measure, QueuesBench::describe, progress)
                .run(plan.rounds(), plan.layouts());
        return new QueuesReport(plan, new GatunQueues().setup(), samples);
    }

    private QueuesSample measure(QueuesPlan.Layout layout) {
        try (Testbed bed = Testbed.ofQueues(layout.cpus(), plan.frames(), plan.flows());
                Contender.Running running = new GatunQueues().start(bed)) {
            start(bed, new Pacer(GENTLE_PPS).delay());
            Windows.pass(GENTLE_TIME);
            String complaint = bed.sink().complaint();
            if (!complaint.isEmpty()) {
                throw new IllegalStateException(complaint + ", nothing was measured");
            }
            bed.generators().forEach(generator -> generator.delay(0));
            Windows.pass(plan.warmUp());
            QueuesSample sample = window(bed, running, layout.cpus());
            bed.generators().forEach(Generator::stop);
            checkFlows(bed.sink().framesOfFlows());
            return sample;
        }
    }

    private static void start(Testbed bed, int delay) {
        bed.generators().forEach(generator -> generator.start(delay));
    }

    private QueuesSample window(Testbed bed, Contender.Running running, List<Cpu> cpus) {
        long ownBefore = running.cpuNs();
        long coresBefore = coresNs(cpus);
        long sentBefore = sent(bed);
        long receivedBefore = bed.sink().frames();
        long startNs = System.nanoTime();
        Windows.pass(plan.window());
        long sent = sent(bed) - sentBefore;
        long received = bed.sink().frames() - receivedBefore;
        long elapsedNs = System.nanoTime() - startNs;
        return new QueuesSample(sent, received, elapsedNs, running.cpuNs() - ownBefore, coresNs(cpus) - coresBefore);
    }

    private static long sent(Testbed bed) {
        return bed.generators().stream().mapToLong(Generator::sent).sum();
    }

    private static long coresNs(List<Cpu> cpus) {
        return cpus.stream().mapToLong(MachineClock::busyNs).sum();
    }

    private static void checkFlows(long[] flows) {
        for (int flow = 0; flow < flows.length; flow++) {
            if (flows[flow] == 0) {
                throw new IllegalStateException("flow " + flow + " of " + flows.length + " never came back");
            }
        }
    }

    /** Progress, not a figure. */
    private static String describe(QueuesSample sample) {
        return String.format(
                Locale.ROOT,
                "%.0f kpps back of %.0f sent",
                sample.receivedPps() / KILO,
                sample.sent() / KILO * 1e9 / sample.elapsedNs());
    }
}
