package io.gatun.bench.cases;

import io.gatun.bench.report.Spread;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** All transfers through one contender, one a round. */
record BulkResult(String contender, String setup, List<BulkSample> rounds) {
    BulkResult {
        rounds = List.copyOf(rounds);
    }

    /** What it said of itself in the first round. */
    String note() {
        return rounds.getFirst().note();
    }

    Spread figure(ToDoubleFunction<BulkSample> figure) {
        return Spread.of(rounds.stream().mapToDouble(figure).toArray());
    }

    /** Bits per second against another's of the same round, over all rounds. */
    Spread ratioTo(BulkResult other) {
        double[] ratios = new double[rounds.size()];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] =
                    rounds.get(round).bitsPerSecond() / other.rounds.get(round).bitsPerSecond();
        }
        return Spread.of(ratios);
    }
}
