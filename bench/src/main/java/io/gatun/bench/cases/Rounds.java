package io.gatun.bench.cases;

import io.gatun.bench.report.TimeLeft;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Measures things in turn, round by round: what drifts on the machine hits all alike.
 *
 * @param <C> what is measured
 * @param <S> what a measurement yields
 */
public final class Rounds<C, S> {
    private final Function<C, String> name;
    private final Function<C, S> measurement;
    private final Function<S, String> description;
    private final PrintStream progress;

    /**
     * Rounds of one case.
     *
     * @param measurement sets up, measures and tears down
     * @param description for the progress line
     */
    public Rounds(
            Function<C, String> name,
            Function<C, S> measurement,
            Function<S, String> description,
            PrintStream progress) {
        this.name = name;
        this.measurement = measurement;
        this.description = description;
        this.progress = progress;
    }

    /** For each contender its samples, one a round; when one run fails, so does the whole. */
    public List<List<S>> run(int rounds, List<C> contenders) {
        List<List<S>> samples = new ArrayList<>();
        contenders.forEach(_ -> samples.add(new ArrayList<>()));
        int measured = 0;
        long startNs = System.nanoTime();
        for (int round = 1; round <= rounds; round++) {
            for (int i = 0; i < contenders.size(); i++) {
                progress.printf("round %d of %d: %s ... ", round, rounds, name.apply(contenders.get(i)));
                progress.flush();
                S sample = measurement.apply(contenders.get(i));
                samples.get(i).add(sample);
                measured++;
                String left = TimeLeft.text(System.nanoTime() - startNs, measured, rounds * contenders.size());
                progress.println(description.apply(sample) + "; " + left);
            }
        }
        return samples;
    }
}
