package io.gatun.bench.cases;

import io.gatun.bench.peers.Contender;
import io.gatun.bench.peers.MachineClock;
import io.gatun.bench.peers.TcpBed;
import io.gatun.bench.peers.TcpContender;
import io.gatun.bench.traffic.Iperf;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** One TCP stream through each contender in turn, each time between fresh hosts. */
public final class BulkBench {
    private static final double GIGA = 1e-9;

    private final BulkPlan plan;
    private final List<TcpContender> contenders;
    private final PrintStream progress;

    /**
     * A bench of these contenders.
     *
     * @param contenders the first is compared to each of the others
     * @param progress one line for each run
     */
    public BulkBench(BulkPlan plan, List<TcpContender> contenders, PrintStream progress) {
        this.plan = plan;
        this.contenders = List.copyOf(contenders);
        this.progress = progress;
    }

    /** Measures all; when one run fails, so does the whole. */
    public BulkReport run() {
        TcpRounds<BulkSample> rounds = new TcpRounds<>(
                (bed, running) -> transfer(bed, running, plan.omitS(), plan.seconds()),
                BulkBench::describe,
                BulkSample::note,
                progress);
        return new BulkReport(plan, rounds.run(plan.rounds(), contenders));
    }

    /** One transfer through a contender that runs. */
    static BulkSample transfer(TcpBed bed, Contender.Running running, int omitS, int seconds) {
        Iperf.serve(bed.server(), TcpBed.PORT);
        long machineBefore = MachineClock.busyNs();
        long ownBefore = running.cpuNs();
        Iperf.Result result = Iperf.send(bed.client(), TcpBed.VIP, TcpBed.PORT, omitS, seconds);
        return new BulkSample(
                result, MachineClock.busyNs() - machineBefore, running.cpuNs() - ownBefore, running.note());
    }

    /** Progress, not a figure. */
    private static String describe(BulkSample sample) {
        return String.format(Locale.ROOT, "%.2f Gb/s", sample.bitsPerSecond() * GIGA);
    }
}
