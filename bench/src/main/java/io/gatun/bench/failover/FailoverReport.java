package io.gatun.bench.failover;

import io.gatun.bench.report.Better;
import io.gatun.bench.report.CaseResult;
import io.gatun.bench.report.Spread;
import io.gatun.bench.report.Subject;
import io.gatun.bench.report.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What the failover case found, as text and as a tree of values for JSON. */
public final class FailoverReport {
    private final FailoverPlan plan;
    private final List<FailoverContender> contenders;
    private final List<List<FailoverSample>> samples;

    FailoverReport(FailoverPlan plan, List<FailoverContender> contenders, List<List<FailoverSample>> samples) {
        this.plan = plan;
        this.contenders = List.copyOf(contenders);
        this.samples = List.copyOf(samples);
    }

    /** The table and all gaps, for people. */
    public String text() {
        StringBuilder text =
                new StringBuilder("""
                the active one of two nodes loses its link and is killed in the middle of %d TCP connections, which ask
                once a second, and %d UDP flows, which ask ten times; adverts every %d ms, three endpoints; the gap ends
                with the first answer to a question that was asked after it; lost is what was reset, moved to another
                endpoint or not answered within 8 s; each figure: median (min-max) over %d rounds

                """.formatted(plan.connections(), plan.flows(), plan.advertMs(), plan.rounds()));
        Table table = new Table("contender", "gap, ms", "p95", "connections lost", "flows lost");
        for (int i = 0; i < contenders.size(); i++) {
            text.append(contenders.get(i).name())
                    .append(": ")
                    .append(contenders.get(i).setup())
                    .append('\n');
            table.row(
                    contenders.get(i).name(),
                    figure(i, FailoverSample::gapMs).text(1, 0),
                    String.format(Locale.ROOT, "%.0f", percentile95(i)),
                    figure(i, FailoverSample::lostConnections).text(1, 0),
                    figure(i, FailoverSample::lostFlows).text(1, 0));
        }
        text.append('\n').append(table.text());
        for (int i = 0; i < contenders.size(); i++) {
            text.append(String.format(
                    Locale.ROOT, "\n%s, all gaps in ms: %s\n", contenders.get(i).name(), gaps(i)));
        }
        return text.toString();
    }

    /** The same figures, for machines. */
    public CaseResult result() {
        CaseResult.Builder built = CaseResult.of("failover")
                .plan("advertMs", plan.advertMs())
                .plan("connections", plan.connections())
                .plan("flows", plan.flows());
        for (int i = 0; i < contenders.size(); i++) {
            FailoverContender contender = contenders.get(i);
            built.subject(contender.name(), i == 0 ? Subject.Kind.OURS : Subject.Kind.PEER, contender.setup(), "")
                    .figure("gap", "ms", Better.LOWER, figure(i, FailoverSample::gapMs))
                    .figure("connections lost", "1", Better.LOWER, figure(i, FailoverSample::lostConnections))
                    .figure("flows lost", "1", Better.LOWER, figure(i, FailoverSample::lostFlows))
                    .detail("all gaps of " + contender.name() + ", ms", sorted(i))
                    .detail("95th percentile of the gaps of " + contender.name() + ", ms", percentile95(i));
        }
        return built.build();
    }

    private Spread figure(int contender, ToDoubleFunction<FailoverSample> figure) {
        return Spread.of(samples.get(contender).stream().mapToDouble(figure).toArray());
    }

    private double[] sorted(int contender) {
        return samples.get(contender).stream()
                .mapToDouble(FailoverSample::gapMs)
                .sorted()
                .toArray();
    }

    /** The smallest gap that nineteen of twenty do not exceed. */
    private double percentile95(int contender) {
        double[] sorted = sorted(contender);
        return sorted[(int) Math.ceil(sorted.length * 0.95) - 1];
    }

    private String gaps(int contender) {
        return String.join(
                " ",
                Arrays.stream(sorted(contender))
                        .mapToObj(gap -> String.format(Locale.ROOT, "%.0f", gap))
                        .toList());
    }
}
