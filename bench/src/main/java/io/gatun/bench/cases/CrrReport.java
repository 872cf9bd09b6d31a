package io.gatun.bench.cases;

import io.gatun.bench.report.Spread;
import io.gatun.bench.report.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What the crr case found, as text and as a tree of values for JSON. */
public final class CrrReport {
    private static final double TARGET_NFTABLES = 1;
    private static final double TARGET_HAPROXY = 2;
    private static final String RATE = "connections/s";
    private static final String PER_OWN = "per own CPU second";

    private final CrrPlan plan;
    private final List<ContenderResult<CrrSample>> results;

    CrrReport(CrrPlan plan, List<ContenderResult<CrrSample>> results) {
        this.plan = plan;
        this.results = List.copyOf(results);
    }

    /** The table and the headlines, for people. */
    public String text() {
        StringBuilder text = new StringBuilder("""
            wrk asks nginx through one VIP, a connection for each request, %d at a time; three hosts on one bridge,
            offloads on; connections in a second, and for each CPU second: of the contender's own tasks (softirqs that run
            in others are not among them), of the whole machine; each figure: median (min-max) over %d rounds

            """.formatted(plan.connections(), plan.rounds()));
        for (ContenderResult<CrrSample> result : results) {
            text.append(result.contender()).append(": ").append(result.setup());
            text.append(result.note().isEmpty() ? "\n" : "; it says: " + result.note() + "\n");
        }
        text.append('\n').append(table().text());
        ratios().forEach((name, ratio) ->
                text.append(String.format(Locale.ROOT, "\n%s: %s times%s\n", name, ratio.text(1, 2), target(name))));
        return text.toString();
    }

    /** The same figures as maps and lists. */
    public Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("case", "crr");
        tree.put("rounds", plan.rounds());
        tree.put("seconds", plan.seconds());
        tree.put("connections", plan.connections());
        tree.put("kernel", System.getProperty("os.version"));
        tree.put("jdk", System.getProperty("java.vm.version"));
        Map<String, Object> contenders = new LinkedHashMap<>();
        results.forEach(result -> contenders.put(result.contender(), tree(result)));
        tree.put("contenders", contenders);
        tree.put("ratios", ratios());
        return tree;
    }

    /** The kernel's path has no tasks of its own, so only rates can be compared with it. */
    private Map<String, Spread> ratios() {
        Map<String, Spread> ratios = new LinkedHashMap<>();
        ContenderResult<CrrSample> first = results.getFirst();
        for (ContenderResult<CrrSample> other : results.subList(1, results.size())) {
            ratios.put(name(other, RATE), first.ratioTo(other, CrrSample::perSecond));
            if (hasTasks(other)) {
                ratios.put(name(other, PER_OWN), first.ratioTo(other, CrrSample::perOwnSecond));
            }
            ratios.put(name(other, "per CPU second of the machine"), first.ratioTo(other, CrrSample::perMachineSecond));
        }
        return ratios;
    }

    private String name(ContenderResult<CrrSample> other, String figure) {
        return results.getFirst().contender() + " / " + other.contender() + ", " + figure;
    }

    private static String target(String ratio) {
        if (ratio.endsWith("nftables, " + RATE)) {
            return String.format(Locale.ROOT, ", target %.1f", TARGET_NFTABLES);
        }
        return ratio.endsWith("haproxy, " + PER_OWN) ? String.format(Locale.ROOT, ", target %.1f", TARGET_HAPROXY) : "";
    }

    private static boolean hasTasks(ContenderResult<CrrSample> result) {
        return result.rounds().stream().allMatch(sample -> sample.ownNs() > 0);
    }

    private Table table() {
        Table table =
                new Table("contender", "connections/s", "per own CPU s", "per machine CPU s", "failed of a million");
        for (ContenderResult<CrrSample> result : results) {
            table.row(
                    result.contender(),
                    figure(result, CrrSample::perSecond),
                    hasTasks(result) ? figure(result, CrrSample::perOwnSecond) : "-",
                    figure(result, CrrSample::perMachineSecond),
                    figure(result, CrrSample::errors));
        }
        return table;
    }

    private static String figure(ContenderResult<CrrSample> result, ToDoubleFunction<CrrSample> figure) {
        return result.figure(figure).text(1, 0);
    }

    private static Map<String, Object> tree(ContenderResult<CrrSample> result) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("setup", result.setup());
        tree.put("note", result.note());
        tree.put("connectionsPerSecond", result.figure(CrrSample::perSecond));
        if (hasTasks(result)) {
            tree.put("connectionsPerOwnCpuSecond", result.figure(CrrSample::perOwnSecond));
        }
        tree.put("connectionsPerMachineCpuSecond", result.figure(CrrSample::perMachineSecond));
        tree.put("failedPerMillion", result.figure(CrrSample::errors));
        return tree;
    }
}
