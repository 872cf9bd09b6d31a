package io.gatun.bench.failover;

import io.gatun.bench.report.Spread;
import io.gatun.bench.report.Table;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    /** The same figures as maps and lists. */
    public Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("case", "failover");
        tree.put("rounds", plan.rounds());
        tree.put("advertMs", plan.advertMs());
        tree.put("connections", plan.connections());
        tree.put("flows", plan.flows());
        tree.put("kernel", System.getProperty("os.version"));
        tree.put("jdk", System.getProperty("java.vm.version"));
        Map<String, Object> all = new LinkedHashMap<>();
        for (int i = 0; i < contenders.size(); i++) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("setup", contenders.get(i).setup());
            one.put("gapMs", figure(i, FailoverSample::gapMs));
            one.put("gapP95Ms", percentile95(i));
            one.put("gapsMs", sorted(i));
            one.put("lostConnections", figure(i, FailoverSample::lostConnections));
            one.put("lostFlows", figure(i, FailoverSample::lostFlows));
            all.put(contenders.get(i).name(), one);
        }
        tree.put("contenders", all);
        return tree;
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
