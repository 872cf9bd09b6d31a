package io.gatun.bench.cases;

import io.gatun.bench.report.Spread;
import io.gatun.bench.report.Subject;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** All rounds of one contender. */
record ForwardResult(String contender, String setup, List<ForwardRound> rounds) {
    ForwardResult {
        rounds = List.copyOf(rounds);
    }

    /** Beside the first of all, which is ours. */
    Subject.Kind kind(ForwardResult ours) {
        return ContenderResult.isSame(ours.contender, contender) ? Subject.Kind.OURS : Subject.Kind.PEER;
    }

    /** What the sink saw first in the last round. */
    String example() {
        return rounds.getLast().example();
    }

    /** A step over all rounds. */
    Spread step(int index, ToDoubleFunction<StepSample> figure) {
        return over(round -> figure.applyAsDouble(round.steps().get(index)));
    }

    /** The best step of each round, over all rounds. */
    Spread best(ToDoubleFunction<StepSample> figure) {
        return over(round -> figure.applyAsDouble(round.best()));
    }

    /** A figure of each round. */
    Spread over(ToDoubleFunction<ForwardRound> figure) {
        return Spread.of(rounds.stream().mapToDouble(figure).toArray());
    }

    /** Received packets per second at the best step against another's of the same round, over all rounds. */
    Spread ratioTo(ForwardResult other) {
        double[] ratios = new double[Math.min(rounds.size(), other.rounds.size())];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = rounds.get(round).best().receivedPps()
                    / other.rounds.get(round).best().receivedPps();
        }
        return Spread.of(ratios);
    }
}
