package io.gatun.bench.cases;

import io.gatun.bench.report.Better;
import io.gatun.bench.report.CaseResult;
import io.gatun.bench.report.Subject;
import io.gatun.bench.report.Table;
import io.gatun.bench.traffic.Flows;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the forward case found, as text and as a tree of values for JSON. */
public final class ForwardReport implements CaseReport {
    /** Of the issue: share of the best rate that is left at twice the sustainable load. */
    static final double TARGET_LEFT = 0.9;

    private static final String PPS = "packets/s";
    private static final String NS = "ns/packet";
    private static final double KILO = 1e-3;
    private static final double PERCENT = 100;

    private final ForwardPlan plan;
    private final List<ForwardResult> results;

    ForwardReport(ForwardPlan plan, List<ForwardResult> results) {
        this.plan = plan;
        this.results = List.copyOf(results);
    }

    /** Tables and the headline. */
    @Override
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
            text.append("\n%s / %s: %s times%s\n"
                    .formatted(
                            first.contender(),
                            other.contender(),
                            first.ratioTo(other).text(1, 2),
                            target(other.contender())));
        }
        if (plan.overload()) {
            text.append("\ntwice the best rate offered, target of %s: at least %.0f %%\n"
                    .formatted(results.getFirst().contender(), TARGET_LEFT * PERCENT));
            text.append(overload().text());
        }
        return text.toString();
    }

    @Override
    public CaseResult result() {
        CaseResult.Builder built = CaseResult.of(plan.overload() ? "overload" : "forward")
                .plan("warmUpMs", (int) plan.warmUp().toMillis())
                .plan("windowMs", (int) plan.window().toMillis())
                .plan("flows", plan.flows().count())
                .plan("endpoints", plan.flows().endpoints())
                .plan("frameBytesWithFcs", plan.frames().wireBytes());
        ForwardResult first = results.getFirst();
        add(built, first, Subject.Kind.OURS);
        List<ForwardResult> others = results.subList(1, results.size());
        others.forEach(other -> add(built, other, other.kind(first)));
        for (ForwardResult other : others) {
            built.ratio(first.contender(), other.contender())
                    .figure("best received", "1", Better.HIGHER, first.ratioTo(other));
        }
        return built.detail("targetRatios", targets())
                .detail("targetLeft", TARGET_LEFT)
                .build();
    }

    private Map<String, Double> targets() {
        return plan.flows().equals(Flows.USUAL) ? Targets.PACKETS : Targets.MANY_PACKETS;
    }

    private String target(String peer) {
        Double target = targets().get(peer);
        return target == null ? "" : String.format(Locale.ROOT, ", target %.2f", target);
    }

    private String what() {
        return """
            one forwarding core, one-arm, %,d UDP flows through one VIP, endpoints: %d, one direction, %d-byte frames
            (4 bytes of them FCS, which veth does not carry); a frame counts as received when it is back at
            the wire's far end with source and destination rewritten (by the limits, which are no load balancers: with MACs swapped); each figure: median (min-max) over %d rounds
            """.formatted(
                plan.flows().count(), plan.flows().endpoints(), plan.frames().wireBytes(), plan.rounds());
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
        Table table = new Table(
                "best step of each round", "received kpps", "loss %", "CPU ns/packet", "flows that never came back");
        for (ForwardResult result : results) {
            table.row(
                    result.contender(),
                    result.best(StepSample::receivedPps).text(KILO, 0),
                    result.best(StepSample::loss).text(PERCENT, 1),
                    result.best(StepSample::cpuNsPerPacket).text(1, 0),
                    result.over(ForwardRound::flowsMissing).text(1, 0));
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

    private void add(CaseResult.Builder built, ForwardResult result, Subject.Kind kind) {
        built.subject(result.contender(), kind, result.setup(), result.example())
                .figure("best received", PPS, Better.HIGHER, result.best(StepSample::receivedPps))
                .figure("loss at the best", "1", Better.NEITHER, result.best(StepSample::loss))
                .figure("CPU time at the best", NS, Better.LOWER, result.best(StepSample::cpuNsPerPacket))
                .figure("flows that never came back", "1", Better.LOWER, result.over(ForwardRound::flowsMissing));
        if (plan.overload()) {
            built.figure("overload, offered over the best", "1", Better.NEITHER, result.over(ForwardRound::offered))
                    .figure("overload, received over the best", "1", Better.HIGHER, result.over(ForwardRound::left));
        }
        for (int i = 0; i < plan.ladder().size(); i++) {
            String step = "at " + ForwardPlan.label(plan.ladder().get(i)) + ", ";
            built.figure(step + "offered", PPS, Better.NEITHER, result.step(i, StepSample::offeredPps))
                    .figure(step + "received", PPS, Better.NEITHER, result.step(i, StepSample::receivedPps))
                    .figure(step + "loss", "1", Better.NEITHER, result.step(i, StepSample::loss))
                    .figure(step + "CPU time", NS, Better.NEITHER, result.step(i, StepSample::cpuNsPerPacket));
        }
    }
}
