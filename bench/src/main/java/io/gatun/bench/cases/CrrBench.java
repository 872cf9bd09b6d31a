package io.gatun.bench.cases;

import io.gatun.bench.peers.Contender;
import io.gatun.bench.peers.MachineClock;
import io.gatun.bench.peers.TcpBed;
import io.gatun.bench.peers.TcpContender;
import io.gatun.bench.traffic.Nginx;
import io.gatun.bench.traffic.Wrk;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** HTTP requests through each contender in turn, each time between fresh hosts, on connections short or kept. */
public final class CrrBench {
    /** A twentieth of a CPU. */
    private static final long COMPILING_NS = 50_000_000;

    private final CrrPlan plan;
    private final List<TcpContender> contenders;
    private final PrintStream progress;

    /**
     * A bench of these contenders.
     *
     * @param contenders the first is compared to each of the others
     * @param progress one line for each run
     */
    public CrrBench(CrrPlan plan, List<TcpContender> contenders, PrintStream progress) {
        this.plan = plan;
        this.contenders = List.copyOf(contenders);
        this.progress = progress;
    }

    /** Measures all; when one run fails, so does the whole. */
    public CrrReport run() {
        TcpRounds<CrrSample> rounds = new TcpRounds<>(
                (bed, running) -> ask(bed, running, plan), CrrBench::describe, CrrSample::note, progress);
        return new CrrReport(plan, rounds.run(plan.rounds(), contenders));
    }

    /** Requests through a contender that runs. */
    static CrrSample ask(TcpBed bed, Contender.Running running, CrrPlan plan) {
        String url = "http://" + TcpBed.VIP + ":" + TcpBed.PORT + "/";
        try (Nginx _ = Nginx.serve(bed.server(), TcpBed.PORT)) {
            Wrk.ask(
                    bed.client(),
                    url,
                    plan.connections(),
                    plan.warmUpS(),
                    plan.requests().kept());
            for (int i = 0; i < plan.compilingS() && isCompiling(bed, running, url, plan); i++) {}
            running.warmedUp();
            long machineBefore = MachineClock.busyNs();
            long ownBefore = running.cpuNs();
            Wrk.Result result = Wrk.ask(
                    bed.client(),
                    url,
                    plan.connections(),
                    plan.seconds(),
                    plan.requests().kept());
            return new CrrSample(
                    result, MachineClock.busyNs() - machineBefore, running.cpuNs() - ownBefore, running.note());
        }
    }

    /** Whether a JVM's compilers still had something to do in a second of requests. */
    private static boolean isCompiling(TcpBed bed, Contender.Running running, String url, CrrPlan plan) {
        long before = running.compilingNs();
        if (before == 0) {
            return false;
        }
        Wrk.ask(bed.client(), url, plan.connections(), 1, plan.requests().kept());
        return running.compilingNs() - before > COMPILING_NS;
    }

    /** Progress, not a figure. */
    private static String describe(CrrSample sample) {
        return String.format(Locale.ROOT, "%.0f a second", sample.perSecond());
    }
}
