package io.gatun.bench.cases;

import io.gatun.bench.report.Better;
import io.gatun.bench.report.CaseResult;
import io.gatun.bench.report.Spread;
import io.gatun.bench.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * A report of one row for each contender, the first of them ours.
 *
 * @param <S> what a round yields
 */
public final class SheetReport<S> implements CaseReport {
    private static final int DECIMALS = 2;

    private final String test;
    private final String what;
    private final List<ContenderResult<S>> results;
    private final Map<String, Integer> plan = new LinkedHashMap<>();
    private final List<Column<S>> columns = new ArrayList<>();
    private final List<Goal> goals = new ArrayList<>();
    private final Map<String, Object> details = new LinkedHashMap<>();

    /**
     * An empty report.
     *
     * @param test the case
     * @param what was measured and how, lines for people
     */
    public SheetReport(String test, String what, List<ContenderResult<S>> results) {
        this.test = test;
        this.what = what;
        this.results = List.copyOf(results);
    }

    /** One of the settings of the case. */
    public SheetReport<S> plan(String key, int value) {
        plan.put(key, value);
        return this;
    }

    /** A figure that is printed as it is. */
    public SheetReport<S> column(String name, String unit, Better better, int decimals, ToDoubleFunction<S> value) {
        return column(new Column<>(name, unit, better, value, 1, unit, decimals));
    }

    /** A figure. */
    public SheetReport<S> column(Column<S> column) {
        columns.add(column);
        return this;
    }

    /** What a figure should reach, printed beside it. */
    public SheetReport<S> goal(Goal goal) {
        goals.add(goal);
        return this;
    }

    /** Something that is no figure. */
    public SheetReport<S> detail(String key, Object value) {
        details.put(key, value);
        return this;
    }

    /** The table and the headlines. */
    @Override
    public String text() {
        StringBuilder text = new StringBuilder(what).append('\n');
        for (ContenderResult<S> result : results) {
            text.append(result.contender()).append(": ").append(result.setup()).append('\n');
        }
        text.append('\n').append(table().text()).append('\n');
        for (Goal goal : present()) {
            text.append(headline(goal)).append('\n');
        }
        return text.toString();
    }

    @Override
    public CaseResult result() {
        CaseResult.Builder built = CaseResult.of(test);
        plan.forEach(built::plan);
        for (ContenderResult<S> result : results) {
            built.subject(result.contender(), result.kind(results), result.setup(), result.note());
            for (Column<S> column : columns) {
                built.figure(column.name(), column.unit(), column.better(), result.figure(column.value()));
            }
        }
        for (Goal goal : present()) {
            Column<S> column = column(goal);
            if (goal.kind() == Goal.Kind.RATIO) {
                built.ratio(results.getFirst().contender(), goal.peer())
                        .figure(column.name(), "1", column.better(), spread(goal));
            }
            built.detail("target of " + column.name() + besides(goal), goal.text());
        }
        details.forEach(built::detail);
        return built.build();
    }

    private static String besides(Goal goal) {
        return goal.peer().isEmpty() ? "" : " beside " + goal.peer();
    }

    /** Those whose peer was measured. */
    private List<Goal> present() {
        return goals.stream()
                .filter(goal -> goal.kind() == Goal.Kind.ALONE
                        || results.stream().anyMatch(each -> each.contender().equals(goal.peer())))
                .toList();
    }

    private Table table() {
        List<String> header = new ArrayList<>(List.of("contender"));
        columns.forEach(
                column -> header.add(column.name() + (column.shown().equals("1") ? "" : ", " + column.shown())));
        Table table = new Table(header.toArray(String[]::new));
        for (ContenderResult<S> result : results) {
            List<String> row = new ArrayList<>(List.of(result.contender()));
            columns.forEach(column -> row.add(result.figure(column.value()).text(column.scale(), column.decimals())));
            table.row(row.toArray(String[]::new));
        }
        return table;
    }

    private String headline(Goal goal) {
        String ours = results.getFirst().contender();
        Column<S> column = column(goal);
        Spread spread = spread(goal);
        return switch (goal.kind()) {
            case RATIO ->
                String.format(
                        Locale.ROOT,
                        "%s / %s, %s: %s times, target %s",
                        ours,
                        goal.peer(),
                        column.name(),
                        spread.text(1, DECIMALS),
                        goal.text());
            case DIFFERENCE ->
                String.format(
                        Locale.ROOT,
                        "%s less %s, %s: %s%s, target %s",
                        ours,
                        goal.peer(),
                        column.name(),
                        spread.text(column.scale(), column.decimals()),
                        unit(column),
                        goal.text());
            case ALONE ->
                String.format(
                        Locale.ROOT,
                        "%s, %s: %s%s, target %s",
                        ours,
                        column.name(),
                        spread.text(column.scale(), column.decimals()),
                        unit(column),
                        goal.text());
        };
    }

    /** After a figure; nothing after a plain number. */
    private static String unit(Column<?> column) {
        return column.shown().equals("1") ? "" : " " + column.shown();
    }

    private Spread spread(Goal goal) {
        ContenderResult<S> ours = results.getFirst();
        ToDoubleFunction<S> value = column(goal).value();
        return switch (goal.kind()) {
            case RATIO -> ours.ratioTo(peer(goal), value);
            case DIFFERENCE -> ours.differenceTo(peer(goal), value);
            case ALONE -> ours.figure(value);
        };
    }

    private ContenderResult<S> peer(Goal goal) {
        return results.stream()
                .filter(each -> each.contender().equals(goal.peer()))
                .findFirst()
                .orElseThrow();
    }

    private Column<S> column(Goal goal) {
        return columns.stream()
                .filter(each -> each.name().equals(goal.column()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("column=" + goal.column() + ", there is none"));
    }
}
