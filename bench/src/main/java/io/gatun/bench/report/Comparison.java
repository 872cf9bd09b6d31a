package io.gatun.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What changed between two runs, beyond the noise.
 *
 * @param changes all figures that both have
 * @param remarks what limits the comparison, in sentences
 */
public record Comparison(List<Change> changes, List<String> remarks) {
    private static final double PERCENT = 100;

    public Comparison {
        changes = List.copyOf(changes);
        remarks = List.copyOf(remarks);
    }

    /** Compares the cases that both runs have. */
    public static Comparison of(Results before, Results after) {
        List<String> remarks = new ArrayList<>();
        List<String> differences = after.environment().differences(before.environment());
        if (!differences.isEmpty()) {
            remarks.add("another machine, so only ratios are compared: " + String.join("; ", differences));
        }
        List<Change> changes = new ArrayList<>();
        for (CaseResult now : after.cases()) {
            Optional<CaseResult> then = counterpart(before, now);
            if (then.isEmpty()) {
                remarks.add(now.name() + ": the former run has no such case");
            } else if (!then.get().plan().equals(now.plan())) {
                remarks.add(now.name() + ": not compared, its plan is " + now.plan() + ", was "
                        + then.get().plan());
            } else {
                compare(then.get(), now, !differences.isEmpty(), changes, remarks);
            }
        }
        return new Comparison(withPeers(changes), remarks);
    }

    /** The same case of the former run, of the same plan if there is one: a case may have been run in several ways. */
    private static Optional<CaseResult> counterpart(Results before, CaseResult now) {
        List<CaseResult> alike = before.cases().stream()
                .filter(each -> each.name().equals(now.name()))
                .toList();
        return alike.stream()
                .filter(each -> each.plan().equals(now.plan()))
                .findFirst()
                .or(() -> alike.stream().findFirst());
    }

    private static void compare(
            CaseResult then, CaseResult now, boolean onlyRatios, List<Change> changes, List<String> remarks) {
        for (Subject subject : now.subjects()) {
            then.subjects().stream()
                    .filter(each ->
                            each.name().equals(subject.name()) && !each.setup().equals(subject.setup()))
                    .forEach(each -> remarks.add(now.name() + ": " + subject.name() + " is set up otherwise: "
                            + subject.setup() + ", was: " + each.setup()));
        }
        for (Figure before : then.figures()) {
            Optional<Figure> after = now.figures().stream()
                    .filter(each -> each.subject().equals(before.subject())
                            && each.name().equals(before.name())
                            && each.unit().equals(before.unit()))
                    .findFirst();
            if (after.isEmpty()) {
                remarks.add(now.name() + ": " + before.name() + " of " + before.subject() + " is missing now");
                continue;
            }
            Subject.Kind kind = now.kind(before.subject());
            boolean isComparable = !onlyRatios || kind == Subject.Kind.RATIO;
            Better better = isComparable ? after.get().better() : Better.NEITHER;
            Verdict verdict =
                    Change.verdict(better, before.spread(), after.get().spread());
            changes.add(new Change(now.name(), kind, before, after.get(), verdict));
        }
    }

    /** What got worse for a peer too is the machine's; ratios tell whether more than that is. */
    private static List<Change> withPeers(List<Change> changes) {
        List<Change> judged = new ArrayList<>();
        for (Change change : changes) {
            boolean isShared = change.kind() == Subject.Kind.OURS
                    && change.verdict() == Verdict.WORSE
                    && changes.stream()
                            .anyMatch(other -> other.kind() == Subject.Kind.PEER
                                    && other.verdict() == Verdict.WORSE
                                    && other.isSameFigureAs(change));
            judged.add(isShared ? change.with(Verdict.WORSE_WITH_PEERS) : change);
        }
        return judged;
    }

    /** Whether Gatun, alone or beside a peer, got worse. */
    public boolean isWorse() {
        return changes.stream()
                .anyMatch(change -> change.kind() != Subject.Kind.PEER && change.verdict() == Verdict.WORSE);
    }

    /** For people: what got worse, what got better, how much is unchanged. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "beyond the noise: ranges of all rounds do not touch and medians differ by more than %.0f %%\n",
                Change.NOISE * PERCENT));
        odds().ifPresent(odds -> text.append(String.format(
                Locale.ROOT,
                "by chance alone, one unchanged figure of %,d has such ranges in this direction\n",
                odds)));
        remarks.forEach(remark -> text.append(remark).append('\n'));
        section(text, "worse", Verdict.WORSE);
        section(text, "worse, and so is a peer: the machine", Verdict.WORSE_WITH_PEERS);
        section(text, "better", Verdict.BETTER);
        long alike = changes.stream()
                .filter(change -> change.verdict() == Verdict.WITHIN_NOISE)
                .count();
        return text.append("\nwithin the noise: ").append(alike).append('\n').toString();
    }

    private void section(StringBuilder text, String title, Verdict verdict) {
        List<Change> found =
                changes.stream().filter(change -> change.verdict() == verdict).toList();
        if (found.isEmpty()) {
            return;
        }
        Table table = new Table(title, "figure", "was", "is", "unit", "change");
        for (Change change : found) {
            Spread before = change.before().spread();
            Spread after = change.after().spread();
            int decimals = Math.abs(before.median()) < PERCENT ? 3 : 0;
            table.row(
                    change.test() + " " + change.before().subject(),
                    change.before().name(),
                    before.text(1, decimals),
                    after.text(1, decimals),
                    change.before().unit(),
                    share(before.median(), after.median()));
        }
        text.append('\n').append(table.text());
    }

    private static String share(double before, double after) {
        return before == 0 ? "-" : String.format(Locale.ROOT, "%+.1f %%", PERCENT * (after / before - 1));
    }

    /** Of so many ways to order both runs' samples one has all of the later run on the same side. */
    private Optional<Long> odds() {
        return changes.stream()
                .filter(change -> change.verdict() != Verdict.NOT_COMPARABLE)
                .map(change -> ways(
                        change.before().spread().samples(),
                        change.after().spread().samples()))
                .min(Long::compare);
    }

    private static long ways(int before, int after) {
        double ways = 1;
        for (int i = 1; i <= after; i++) {
            ways = ways * (before + i) / i;
        }
        return Math.round(Math.min(ways, Long.MAX_VALUE));
    }
}
