package io.gatun.bench.cases;

import io.gatun.bench.peers.Testbed;
import io.gatun.bench.report.Spread;
import io.gatun.bench.report.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the forward case found, as text and as a tree of values for JSON. */
public final class ForwardReport {
    /** Of the issue: Gatun against nftables. */
    static final double TARGET_RATIO = 1.5;

    /** Of the issue: share of the best rate that is left at twice the sustainable load. */
    static final double TARGET_LEFT = 0.9;

    private static final double KILO = 1e-3;
    private static final double PERCENT = 100;

    private final ForwardPlan plan;
    private final List<ForwardResult> results;

    ForwardReport(ForwardPlan plan, List<ForwardResult> results) {
        this.plan = plan;
        this.results = List.copyOf(results);
    }

    /** Tables and the headline, for people. */
    public String text() {
        StringBuilder text = new StringBuilder(what());
        for (ForwardResult result : results) {
            text.append('\n').append(result.contender()).append(": ").append(result.setup());
            text.append("\n  seen at the sink: ").append(result.example()).append('\n');
            text.append(ladder(result).text().indent(2));
        }
        text.append('\n').append(best().text());
        for (ForwardResult other : results.subList(1, results.size())) {
            ForwardResult first = results.getFirst();
            text.append("\n%s / %s: %s times, target %.1f\n"
                    .formatted(
                            first.contender(),
                            other.contender(),
                            first.ratioTo(other).text(1, 2),
                            TARGET_RATIO));
        }
        if (plan.overload()) {
            text.append("\ntwice the best rate offered, target of %s: at least %.0f %%\n"
                    .formatted(results.getFirst().contender(), TARGET_LEFT * PERCENT));
            text.append(overload().text());
        }
        return text.toString();
    }

    /** The same figures as maps and lists. */
    public Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("case", "forward");
        tree.put("rounds", plan.rounds());
        tree.put("flows", Testbed.FLOWS);
        tree.put("frameBytesWithFcs", 64);
        tree.put("kernel", System.getProperty("os.version"));
        tree.put("jdk", System.getProperty("java.vm.version"));
        Map<String, Object> contenders = new LinkedHashMap<>();
        results.forEach(result -> contenders.put(result.contender(), tree(result)));
        tree.put("contenders", contenders);
        Map<String, Object> ratios = new LinkedHashMap<>();
        for (ForwardResult other : results.subList(1, results.size())) {
            ratios.put(other.contender(), results.getFirst().ratioTo(other));
        }
        tree.put("ratioTo", ratios);
        tree.put("targetRatio", TARGET_RATIO);
        tree.put("targetLeft", TARGET_LEFT);
        return tree;
    }

    private String what() {
        return """
            one forwarding core, one-arm, 1,000 UDP flows through one VIP, one direction, 64-byte frames
            (60 bytes counted here + 4 bytes FCS that veth does not carry); a frame counts as received when it is back at
            the wire's far end with source and destination rewritten; each figure: median (min-max) over %d rounds
            """.formatted(plan.rounds());
    }

    private Table ladder(ForwardResult result) {
        Table table = new Table("asked for", "offered kpps", "received kpps", "loss %", "CPU ns/packet");
        for (int i = 0; i < plan.ladder().size(); i++) {
            table.row(
                    ForwardPlan.label(plan.ladder().get(i)),
                    result.step(i, StepSample::offeredPps).text(KILO, 0),
                    result.step(i, StepSample::receivedPps).text(KILO, 0),
                    result.step(i, StepSample::loss).text(PERCENT, 1),
                    result.step(i, StepSample::cpuNsPerPacket).text(1, 0));
        }
        return table;
    }

    private Table best() {
        Table table = new Table("best step of each round", "received kpps", "loss %", "CPU ns/packet");
        for (ForwardResult result : results) {
            table.row(
                    result.contender(),
                    result.best(StepSample::receivedPps).text(KILO, 0),
                    result.best(StepSample::loss).text(PERCENT, 1),
                    result.best(StepSample::cpuNsPerPacket).text(1, 0));
        }
        return table;
    }

    private Table overload() {
        Table table = new Table("overload", "offered, times the best", "received kpps", "% of the best");
        for (ForwardResult result : results) {
            table.row(
                    result.contender(),
                    result.over(ForwardRound::offered).text(1, 2),
                    result.over(round -> round.overload().orElseThrow().receivedPps())
                            .text(KILO, 0),
                    result.over(ForwardRound::left).text(PERCENT, 0));
        }
        return table;
    }

    private Map<String, Object> tree(ForwardResult result) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("setup", result.setup());
        tree.put("bestReceivedPps", result.best(StepSample::receivedPps));
        tree.put("bestLoss", result.best(StepSample::loss));
        tree.put("bestCpuNsPerPacket", result.best(StepSample::cpuNsPerPacket));
        if (plan.overload()) {
            tree.put("overloadOfferedTimesBest", result.over(ForwardRound::offered));
            tree.put("overloadLeft", result.over(ForwardRound::left));
        }
        Map<String, Map<String, Spread>> steps = new LinkedHashMap<>();
        for (int i = 0; i < plan.ladder().size(); i++) {
            Map<String, Spread> step = new LinkedHashMap<>();
            step.put("offeredPps", result.step(i, StepSample::offeredPps));
            step.put("receivedPps", result.step(i, StepSample::receivedPps));
            step.put("loss", result.step(i, StepSample::loss));
            step.put("cpuNsPerPacket", result.step(i, StepSample::cpuNsPerPacket));
            steps.put(ForwardPlan.label(plan.ladder().get(i)), step);
        }
        tree.put("steps", steps);
        return tree;
    }
}
