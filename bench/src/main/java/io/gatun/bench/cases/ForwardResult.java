package io.gatun.bench.cases;

import io.gatun.bench.report.Spread;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * All samples of one contender.
 *
 * @param rounds for each round a sample for each step of the ladder
 */
record ForwardResult(String contender, String setup, String example, List<List<StepSample>> rounds) {
    ForwardResult {
        rounds = List.copyOf(rounds);
    }

    /** A step over all rounds. */
    Spread step(int index, ToDoubleFunction<StepSample> figure) {
        return Spread.of(rounds.stream()
                .mapToDouble(samples -> figure.applyAsDouble(samples.get(index)))
                .toArray());
    }

    /** The step of a round at which most frames came back. */
    StepSample best(int round) {
        StepSample best = rounds.get(round).getFirst();
        for (StepSample sample : rounds.get(round)) {
            if (sample.receivedPps() > best.receivedPps()) {
                best = sample;
            }
        }
        return best;
    }

    /** The best step of each round, over all rounds. */
    Spread best(ToDoubleFunction<StepSample> figure) {
        double[] samples = new double[rounds.size()];
        for (int round = 0; round < samples.length; round++) {
            samples[round] = figure.applyAsDouble(best(round));
        }
        return Spread.of(samples);
    }

    /** Received packets per second at the best step against another's of the same round, over all rounds. */
    Spread ratioTo(ForwardResult other) {
        double[] ratios = new double[Math.min(rounds.size(), other.rounds.size())];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = best(round).receivedPps() / other.best(round).receivedPps();
        }
        return Spread.of(ratios);
    }
}
