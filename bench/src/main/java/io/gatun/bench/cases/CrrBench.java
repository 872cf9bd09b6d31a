package io.gatun.bench.cases;

import io.gatun.bench.peers.BulkBed;
import io.gatun.bench.peers.BulkContender;
import io.gatun.bench.peers.Contender;
import io.gatun.bench.peers.MachineClock;
import io.gatun.bench.traffic.Nginx;
import io.gatun.bench.traffic.Wrk;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Short connections through each contender in turn, each time between fresh hosts: connect, request, response, close. */
public final class CrrBench {
    private final CrrPlan plan;
    private final List<BulkContender> contenders;
    private final PrintStream progress;

    /**
     * A bench of these contenders.
     *
     * @param contenders the first is compared to each of the others
     * @param progress one line for each run
     */
    public CrrBench(CrrPlan plan, List<BulkContender> contenders, PrintStream progress) {
        this.plan = plan;
        this.contenders = List.copyOf(contenders);
        this.progress = progress;
    }

    /** Measures all; when one run fails, so does the whole. */
    public CrrReport run() {
        List<List<CrrSample>> samples = new Rounds<>(BulkContender::name, this::measure, CrrBench::describe, progress)
                .run(plan.rounds(), contenders);
        List<ContenderResult<CrrSample>> results = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            BulkContender contender = contenders.get(i);
            results.add(new ContenderResult<>(
                    contender.name(),
                    contender.setup(),
                    samples.get(i).getFirst().note(),
                    samples.get(i)));
        }
        return new CrrReport(plan, results);
    }

    private CrrSample measure(BulkContender contender) {
        try (BulkBed bed = BulkBed.open();
                Contender.Running running = contender.start(bed)) {
            return ask(bed, running, plan);
        }
    }

    /** Requests through a contender that runs. */
    static CrrSample ask(BulkBed bed, Contender.Running running, CrrPlan plan) {
        String url = "http://" + BulkBed.VIP + ":" + BulkBed.PORT + "/";
        try (Nginx _ = Nginx.serve(bed.server(), BulkBed.PORT)) {
            Wrk.ask(bed.client(), url, plan.connections(), plan.warmUpS());
            running.warmedUp();
            long machineBefore = MachineClock.busyNs();
            long ownBefore = running.cpuNs();
            Wrk.Result result = Wrk.ask(bed.client(), url, plan.connections(), plan.seconds());
            return new CrrSample(
                    result, MachineClock.busyNs() - machineBefore, running.cpuNs() - ownBefore, running.note());
        }
    }

    /** Progress, not a figure. */
    private static String describe(CrrSample sample) {
        return String.format(Locale.ROOT, "%.0f connections/s", sample.perSecond());
    }
}
