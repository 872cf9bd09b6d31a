package io.gatun.bench.cases;

import io.gatun.bench.peers.Contender;
import io.gatun.bench.peers.MachineClock;
import io.gatun.bench.peers.TcpBed;
import io.gatun.bench.peers.TcpContender;
import io.gatun.bench.traffic.Nginx;
import io.gatun.bench.traffic.Wrk;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** HTTP requests through each contender in turn, each time between fresh hosts, on connections short or kept. */
public final class CrrBench {
    /** A twentieth of a CPU. */
    private static final long COMPILING_NS = 50_000_000;

    /** Of what is compiled before it runs. */
    private static final int COMPILED_WARM_UP_S = 1;

    private final List<CrrPlan> plans;
    private final List<TcpContender> contenders;
    private final PrintStream progress;

    /**
     * A bench of these contenders.
     *
     * @param plans one for each way to ask, with the same rounds; all share the starts of the contenders
     * @param contenders the first is compared to each of the others
     * @param progress one line for each run
     */
    public CrrBench(List<CrrPlan> plans, List<TcpContender> contenders, PrintStream progress) {
        this.plans = List.copyOf(plans);
        this.contenders = List.copyOf(contenders);
        this.progress = progress;
    }

    /** Measures all; when one run fails, so does the whole. */
    public List<CrrReport> run() {
        TcpRounds<List<CrrSample>> rounds = new TcpRounds<>(
                (bed, running) ->
                        plans.stream().map(plan -> ask(bed, running, plan)).toList(),
                CrrBench::describe,
                each -> each.getFirst().note(),
                progress);
        List<ContenderResult<List<CrrSample>>> results =
                rounds.run(plans.getFirst().rounds(), contenders);
        List<CrrReport> reports = new ArrayList<>();
        for (int i = 0; i < plans.size(); i++) {
            int way = i;
            reports.add(new CrrReport(
                    plans.get(i), results.stream().map(each -> one(each, way)).toList()));
        }
        return reports;
    }

    private static ContenderResult<CrrSample> one(ContenderResult<List<CrrSample>> all, int way) {
        return new ContenderResult<>(
                all.contender(),
                all.setup(),
                all.note(),
                all.rounds().stream().map(each -> each.get(way)).toList());
    }

    /** Requests through a contender that runs. */
    static CrrSample ask(TcpBed bed, Contender.Running running, CrrPlan plan) {
        String url = "http://" + TcpBed.VIP + ":" + TcpBed.PORT + "/";
        try (Nginx _ = Nginx.serve(bed.server(), TcpBed.PORT)) {
            Wrk.ask(
                    bed.client(),
                    url,
                    plan.connections(),
                    running.compilingNs() > 0 ? plan.warmUpS() : COMPILED_WARM_UP_S,
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
    private static String describe(List<CrrSample> samples) {
        return samples.stream()
                .map(each -> String.format(Locale.ROOT, "%.0f a second", each.perSecond()))
                .collect(Collectors.joining(", "));
    }
}
