package io.gatun.bench.cases;

import io.gatun.bench.report.Spread;
import io.gatun.bench.report.Subject;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * All samples of one contender, one a round.
 *
 * @param note what it said of itself in the first round
 */
public record ContenderResult<S>(String contender, String setup, String note, List<S> rounds) {
    public ContenderResult {
        rounds = List.copyOf(rounds);
    }

    /** The first of all is ours, and so is another way to run it, whose name goes on after a comma. */
    Subject.Kind kind(List<ContenderResult<S>> all) {
        return isSame(all.getFirst().contender, contender) ? Subject.Kind.OURS : Subject.Kind.PEER;
    }

    /** Whether these are ways to run the same. */
    static boolean isSame(String contender, String other) {
        return program(contender).equals(program(other));
    }

    private static String program(String contender) {
        return contender.split(",", 2)[0];
    }

    Spread figure(ToDoubleFunction<S> figure) {
        return Spread.of(rounds.stream().mapToDouble(figure).toArray());
    }

    /** A figure less another's of the same round, over all rounds. */
    Spread differenceTo(ContenderResult<S> other, ToDoubleFunction<S> figure) {
        double[] differences = new double[rounds.size()];
        for (int round = 0; round < differences.length; round++) {
            differences[round] =
                    figure.applyAsDouble(rounds.get(round)) - figure.applyAsDouble(other.rounds.get(round));
        }
        return Spread.of(differences);
    }

    /** A figure against another's of the same round, over all rounds. */
    Spread ratioTo(ContenderResult<S> other, ToDoubleFunction<S> figure) {
        double[] ratios = new double[rounds.size()];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = figure.applyAsDouble(rounds.get(round)) / figure.applyAsDouble(other.rounds.get(round));
        }
        return Spread.of(ratios);
    }
}
