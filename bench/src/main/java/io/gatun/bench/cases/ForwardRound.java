package io.gatun.bench.cases;

import java.util.List;
import java.util.Optional;

/**
 * What one contender did in one round.
 *
 * @param example the first frame seen at the sink, in words
 * @param steps a sample for each step of the ladder
 * @param flowsMissing flows of which no frame ever came back
 * @param overload the step at twice the best rate, where it was asked for
 */
record ForwardRound(String example, List<StepSample> steps, int flowsMissing, Optional<StepSample> overload) {
    ForwardRound {
        steps = List.copyOf(steps);
    }

    /** The step at which most frames came back. */
    StepSample best() {
        return best(steps);
    }

    static StepSample best(List<StepSample> steps) {
        StepSample best = steps.getFirst();
        for (StepSample sample : steps) {
            if (sample.receivedPps() > best.receivedPps()) {
                best = sample;
            }
        }
        return best;
    }

    /** What came back under overload as a share of the best. */
    double left() {
        return overload.orElseThrow().receivedPps() / best().receivedPps();
    }

    /** What was offered under overload, in times of the best. */
    double offered() {
        return overload.orElseThrow().offeredPps() / best().receivedPps();
    }
}
