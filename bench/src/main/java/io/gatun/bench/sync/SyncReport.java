package io.gatun.bench.sync;

import io.gatun.bench.report.Better;
import io.gatun.bench.report.CaseResult;
import io.gatun.bench.report.Spread;
import io.gatun.bench.report.Subject;
import io.gatun.bench.report.Table;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What the sync case found, as text and as a tree of values for JSON. */
public final class SyncReport {
    /** Of the issue: what is left of the packet rate. */
    private static final double TARGET_RATIO = 0.95;

    private static final double MILLIONTH = 1e-6;
    private static final double PERCENT = 100;

    private final SyncPlan plan;
    private final List<List<SyncSample>> samples;

    /** @param samples for each layout its samples, one a round */
    SyncReport(SyncPlan plan, List<List<SyncSample>> samples) {
        this.plan = plan;
        this.samples = List.copyOf(samples);
    }

    /** The table and the headline, for people. */
    public String text() {
        return """
            one agent in memory, one-arm, 1,000 known UDP flows and %,d new ones a second, each answered, 60-byte frames;
            a signed exchange over Aeron and a veth with a second node; each figure: median (min-max) over %d rounds

            %s
            packet rate with a peer / without: %s on the other CPU, %s on the agent's, target %.2f
            """.formatted(
                        plan.freshPerSecond(),
                        plan.rounds(),
                        table().text(),
                        ratio(SyncPlan.Layout.OTHER_CPU).text(1, 3),
                        ratio(SyncPlan.Layout.SAME_CPU).text(1, 3),
                        TARGET_RATIO);
    }

    /** The same figures, for machines. */
    public CaseResult result() {
        CaseResult.Builder built = CaseResult.of("sync")
                .plan("windowMs", (int) plan.window().toMillis())
                .plan("freshPerSecond", plan.freshPerSecond());
        for (SyncPlan.Layout layout : SyncPlan.Layout.values()) {
            built.subject(layout.text(), Subject.Kind.OURS, "", "")
                    .figure("forwarded", "packets/s", Better.HIGHER, figure(layout, SyncSample::packetsPerSecond))
                    .figure("CPU time", "ns/packet", Better.LOWER, figure(layout, SyncSample::nsPerPacket))
                    .figure("exchange, of a CPU", "1", Better.LOWER, figure(layout, SyncSample::exchangeShare));
        }
        for (SyncPlan.Layout layout : List.of(SyncPlan.Layout.OTHER_CPU, SyncPlan.Layout.SAME_CPU)) {
            built.ratio(layout.text(), SyncPlan.Layout.ALONE.text())
                    .figure("forwarded", "1", Better.HIGHER, ratio(layout));
        }
        return built.detail("targetRatio", TARGET_RATIO).build();
    }

    private Table table() {
        Table table = new Table("layout", "million packets/s", "agent CPU ns/packet", "exchange % of a CPU");
        for (SyncPlan.Layout layout : SyncPlan.Layout.values()) {
            table.row(
                    layout.text(),
                    figure(layout, SyncSample::packetsPerSecond).text(MILLIONTH, 2),
                    figure(layout, SyncSample::nsPerPacket).text(1, 1),
                    figure(layout, SyncSample::exchangeShare).text(PERCENT, 1));
        }
        return table;
    }

    private List<SyncSample> of(SyncPlan.Layout layout) {
        return samples.get(List.of(SyncPlan.Layout.values()).indexOf(layout));
    }

    private Spread figure(SyncPlan.Layout layout, ToDoubleFunction<SyncSample> figure) {
        return Spread.of(of(layout).stream().mapToDouble(figure).toArray());
    }

    /** Round by round. */
    private Spread ratio(SyncPlan.Layout layout) {
        double[] ratios = new double[plan.rounds()];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = of(layout).get(round).packetsPerSecond()
                    / of(SyncPlan.Layout.ALONE).get(round).packetsPerSecond();
        }
        return Spread.of(ratios);
    }
}
