package io.gatun.bench.cases;

import io.gatun.bench.peers.BulkBed;
import io.gatun.bench.peers.BulkContender;
import io.gatun.bench.peers.Contender;
import io.gatun.bench.peers.MachineClock;
import io.gatun.bench.traffic.Iperf;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One TCP stream through each contender in turn, each time between fresh hosts. */
public final class BulkBench {
    private static final double GIGA = 1e-9;

    private final BulkPlan plan;
    private final List<BulkContender> contenders;
    private final PrintStream progress;

    /**
     * A bench of these contenders.
     *
     * @param contenders the first is compared to each of the others
     * @param progress one line for each run
     */
    public BulkBench(BulkPlan plan, List<BulkContender> contenders, PrintStream progress) {
        this.plan = plan;
        this.contenders = List.copyOf(contenders);
        this.progress = progress;
    }

    /** Measures all; when one run fails, so does the whole. */
    public BulkReport run() {
        List<List<BulkSample>> samples = new Rounds<>(BulkContender::name, this::measure, BulkBench::describe, progress)
                .run(plan.rounds(), contenders);
        List<ContenderResult<BulkSample>> results = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            BulkContender contender = contenders.get(i);
            results.add(new ContenderResult<>(
                    contender.name(),
                    contender.setup(),
                    samples.get(i).getFirst().note(),
                    samples.get(i)));
        }
        return new BulkReport(plan, results);
    }

    private BulkSample measure(BulkContender contender) {
        try (BulkBed bed = BulkBed.open();
                Contender.Running running = contender.start(bed)) {
            return transfer(bed, running, plan.omitS(), plan.seconds());
        }
    }

    /** One transfer through a contender that runs. */
    static BulkSample transfer(BulkBed bed, Contender.Running running, int omitS, int seconds) {
        Iperf.serve(bed.server(), BulkBed.PORT);
        long machineBefore = MachineClock.busyNs();
        long ownBefore = running.cpuNs();
        Iperf.Result result = Iperf.send(bed.client(), BulkBed.VIP, BulkBed.PORT, omitS, seconds);
        return new BulkSample(
                result, MachineClock.busyNs() - machineBefore, running.cpuNs() - ownBefore, running.note());
    }

    /** Progress, not a figure. */
    private static String describe(BulkSample sample) {
        return String.format(Locale.ROOT, "%.2f Gb/s", sample.bitsPerSecond() * GIGA);
    }
}
