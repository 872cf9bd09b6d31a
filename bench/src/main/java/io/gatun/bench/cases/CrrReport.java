package io.gatun.bench.cases;

import io.gatun.bench.report.Better;
import io.gatun.bench.report.CaseResult;
import io.gatun.bench.report.Spread;
import io.gatun.bench.report.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What the cases crr and rps found, as text and as a tree of values for JSON. */
public final class CrrReport implements CaseReport {
    private static final double TARGET_NFTABLES = 1;
    private static final double TARGET_HAPROXY = 2;
    private static final String PER_OWN = "per own CPU second";

    private final CrrPlan plan;
    private final List<ContenderResult<CrrSample>> results;

    CrrReport(CrrPlan plan, List<ContenderResult<CrrSample>> results) {
        this.plan = plan;
        this.results = List.copyOf(results);
    }

    /** The table and the headlines. */
    @Override
    public String text() {
        StringBuilder text =
                new StringBuilder("""
            wrk asks nginx through one VIP, %s, %d at a time; three hosts on one bridge,
            offloads on; requests in a second, and for each CPU second: of the contender's own tasks (softirqs that run
            in others are not among them), of the whole machine; each figure: median (min-max) over %d rounds

            """.formatted(plan.requests().text(), plan.connections(), plan.rounds()));
        for (ContenderResult<CrrSample> result : results) {
            text.append(result.contender()).append(": ").append(result.setup());
            text.append(result.note().isEmpty() ? "\n" : "; it says: " + result.note() + "\n");
        }
        text.append('\n').append(table().text());
        ratios().forEach((name, ratio) ->
                text.append(String.format(Locale.ROOT, "\n%s: %s times%s\n", name, ratio.text(1, 2), target(name))));
        return text.toString();
    }

    @Override
    public CaseResult result() {
        CaseResult.Builder built = CaseResult.of(plan.requests().test())
                .plan("seconds", plan.seconds())
                .plan("connections", plan.connections());
        results.forEach(result -> add(built, result));
        for (ContenderResult<CrrSample> other : results.subList(1, results.size())) {
            built.ratio(results.getFirst().contender(), other.contender());
            ratiosTo(other).forEach((name, ratio) -> built.figure(name, "1", Better.HIGHER, ratio));
        }
        return built.build();
    }

    private Map<String, Spread> ratios() {
        Map<String, Spread> ratios = new LinkedHashMap<>();
        for (ContenderResult<CrrSample> other : results.subList(1, results.size())) {
            ratiosTo(other).forEach((figure, ratio) -> ratios.put(name(other, figure), ratio));
        }
        return ratios;
    }

    /** The kernel's path has no tasks of its own, so only rates can be compared with it. */
    private Map<String, Spread> ratiosTo(ContenderResult<CrrSample> other) {
        Map<String, Spread> ratios = new LinkedHashMap<>();
        ContenderResult<CrrSample> first = results.getFirst();
        ratios.put(plan.requests().rate(), first.ratioTo(other, CrrSample::perSecond));
        if (hasTasks(other)) {
            ratios.put(PER_OWN, first.ratioTo(other, CrrSample::perOwnSecond));
        }
        ratios.put("per CPU second of the machine", first.ratioTo(other, CrrSample::perMachineSecond));
        return ratios;
    }

    private String name(ContenderResult<CrrSample> other, String figure) {
        return results.getFirst().contender() + " / " + other.contender() + ", " + figure;
    }

    private String target(String ratio) {
        if (ratio.endsWith("nftables, " + plan.requests().rate())) {
            return String.format(Locale.ROOT, ", target %.1f", TARGET_NFTABLES);
        }
        return ratio.endsWith("haproxy, " + PER_OWN) ? String.format(Locale.ROOT, ", target %.1f", TARGET_HAPROXY) : "";
    }

    private static boolean hasTasks(ContenderResult<CrrSample> result) {
        return result.rounds().stream().allMatch(sample -> sample.ownNs() > 0);
    }

    private Table table() {
        Table table = new Table(
                "contender", plan.requests().rate(), "per own CPU s", "per machine CPU s", "failed of a million");
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

    private void add(CaseResult.Builder built, ContenderResult<CrrSample> result) {
        built.subject(result.contender(), result.kind(results), result.setup(), result.note())
                .figure(plan.requests().rate(), "1/s", Better.HIGHER, result.figure(CrrSample::perSecond));
        if (hasTasks(result)) {
            built.figure(PER_OWN, "1/s", Better.HIGHER, result.figure(CrrSample::perOwnSecond));
        }
        built.figure("per CPU second of the machine", "1/s", Better.HIGHER, result.figure(CrrSample::perMachineSecond))
                .figure("failed of a million", "1", Better.LOWER, result.figure(CrrSample::errors));
    }
}
