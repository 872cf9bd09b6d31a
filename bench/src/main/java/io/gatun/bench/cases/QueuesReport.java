package io.gatun.bench.cases;

import io.gatun.bench.report.Spread;
import io.gatun.bench.report.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What the queues case found, as text and as a tree of values for JSON. */
public final class QueuesReport {
    /** Of the issue: two queues on two cores against one. */
    static final double TARGET_RATIO = 1.6;

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
            one-arm, 1,000 UDP flows through one VIP, one direction, 64-byte frames (60 bytes counted here + 4 bytes FCS);
            gatun: %s;
            each core that has a queue also has a generator of its own, which takes what the agent leaves of the core, and
            sinks what its agent sends; each figure: median (min-max) over %d rounds

            %s
            two queues on two cores / one on one (mean of both cores): %s times, target %.1f
            the same by CPU time of Gatun's tasks alone (2 x time per packet with one / with two): %s times
            """.formatted(
                        setup,
                        plan.rounds(),
                        table().text(),
                        ratio().text(1, 2),
                        TARGET_RATIO,
                        cpuRatio().text(1, 2));
    }

    /** The same figures as maps and lists. */
    public Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("case", "queues");
        tree.put("rounds", plan.rounds());
        tree.put("kernel", System.getProperty("os.version"));
        tree.put("jdk", System.getProperty("java.vm.version"));
        Map<String, Object> layouts = new LinkedHashMap<>();
        for (int i = 0; i < samples.size(); i++) {
            Map<String, Spread> layout = new LinkedHashMap<>();
            layout.put("receivedPps", figure(i, QueuesSample::receivedPps));
            layout.put("loss", figure(i, QueuesSample::loss));
            layout.put("ownNsPerPacket", figure(i, QueuesSample::ownNsPerPacket));
            layout.put("coresNsPerPacket", figure(i, QueuesSample::coresNsPerPacket));
            layouts.put(plan.layouts().get(i).name(), layout);
        }
        tree.put("layouts", layouts);
        tree.put("ratio", ratio());
        tree.put("cpuRatio", cpuRatio());
        tree.put("targetRatio", TARGET_RATIO);
        return tree;
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
