package io.gatun.bench.cases;

import io.gatun.bench.report.Better;
import io.gatun.bench.report.CaseResult;
import io.gatun.bench.report.Spread;
import io.gatun.bench.report.Subject;
import io.gatun.bench.report.Table;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What the queues case found, as text and as a tree of values for JSON. */
public final class QueuesReport {
    /** Of the issue: two queues on two cores against one. */
    static final double TARGET_RATIO = 1.6;

    private static final String NS = "ns/packet";
    private static final double KILO = 1e-3;
    private static final double PERCENT = 100;
    private static final int BOTH = 2;

    private final QueuesPlan plan;
    private final String setup;
    private final List<List<QueuesSample>> samples;

    /** @param samples for each layout of the plan its samples, one a round */
    QueuesReport(QueuesPlan plan, String setup, List<List<QueuesSample>> samples) {
        this.plan = plan;
        this.setup = setup;
        this.samples = List.copyOf(samples);
    }

    /** The table and the headline, for people. */
    public String text() {
        return """
            one-arm, %,d UDP flows through one VIP, one direction, %d-byte frames (4 bytes of them FCS, which veth does not carry);
            gatun: %s;
            each core that has a queue also has a generator of its own, which takes what the agent leaves of the core, and
            sinks what its agent sends; each figure: median (min-max) over %d rounds

            %s
            two queues on two cores / one on one (mean of both cores): %s times, target %.1f
            the same by CPU time of Gatun's tasks alone (2 x time per packet with one / with two): %s times
            """.formatted(
                        plan.flows().count(),
                        plan.frames().wireBytes(),
                        setup,
                        plan.rounds(),
                        table().text(),
                        ratio().text(1, 2),
                        TARGET_RATIO,
                        cpuRatio().text(1, 2));
    }

    /** The same figures, for machines. */
    public CaseResult result() {
        CaseResult.Builder built = CaseResult.of("queues")
                .plan("warmUpMs", (int) plan.warmUp().toMillis())
                .plan("windowMs", (int) plan.window().toMillis())
                .plan("flows", plan.flows().count())
                .plan("frameBytesWithFcs", plan.frames().wireBytes());
        for (int i = 0; i < samples.size(); i++) {
            built.subject(plan.layouts().get(i).name(), Subject.Kind.OURS, setup, "")
                    .figure("received", "packets/s", Better.HIGHER, figure(i, QueuesSample::receivedPps))
                    .figure("loss", "1", Better.NEITHER, figure(i, QueuesSample::loss))
                    .figure("own CPU time", NS, Better.LOWER, figure(i, QueuesSample::ownNsPerPacket))
                    .figure("time of the cores", NS, Better.LOWER, figure(i, QueuesSample::coresNsPerPacket));
        }
        return built.ratio("two queues", "one")
                .figure("received", "1", Better.HIGHER, ratio())
                .figure("by own CPU time", "1", Better.HIGHER, cpuRatio())
                .detail("targetRatio", TARGET_RATIO)
                .build();
    }

    private Table table() {
        Table table = new Table("layout", "received kpps", "loss %", "gatun CPU ns/packet", "cores ns/packet");
        for (int i = 0; i < samples.size(); i++) {
            table.row(
                    plan.layouts().get(i).name().toLowerCase(Locale.ROOT),
                    figure(i, QueuesSample::receivedPps).text(KILO, 0),
                    figure(i, QueuesSample::loss).text(PERCENT, 1),
                    figure(i, QueuesSample::ownNsPerPacket).text(1, 0),
                    figure(i, QueuesSample::coresNsPerPacket).text(1, 0));
        }
        return table;
    }

    private Spread figure(int layout, ToDoubleFunction<QueuesSample> figure) {
        return Spread.of(samples.get(layout).stream().mapToDouble(figure).toArray());
    }

    private Spread ratio() {
        double[] ratios = new double[plan.rounds()];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = samples.get(BOTH).get(round).receivedPps() / mean(round, QueuesSample::receivedPps);
        }
        return Spread.of(ratios);
    }

    private Spread cpuRatio() {
        double[] ratios = new double[plan.rounds()];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = 2
                    * mean(round, QueuesSample::ownNsPerPacket)
                    / samples.get(BOTH).get(round).ownNsPerPacket();
        }
        return Spread.of(ratios);
    }

    /** Of both single queues of a round. */
    private double mean(int round, ToDoubleFunction<QueuesSample> figure) {
        return (figure.applyAsDouble(samples.get(0).get(round))
                        + figure.applyAsDouble(samples.get(1).get(round)))
                / 2;
    }
}
