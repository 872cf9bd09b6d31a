package io.gatun.bench.cases;

import io.gatun.bench.peers.Contender;
import io.gatun.bench.peers.TcpBed;
import io.gatun.bench.peers.TcpContender;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Measures what forwards TCP, in turns, each time between fresh hosts.
 *
 * @param <S> what a measurement yields
 */
final class TcpRounds<S> {
    private final Measurement<S> measurement;
    private final Function<S, String> description;
    private final Function<S, String> note;
    private final PrintStream progress;

    /** Measures a contender that runs in a bed. */
    @FunctionalInterface
    interface Measurement<S> {
        S measure(TcpBed bed, Contender.Running running);
    }

    /**
     * Rounds of one case.
     *
     * @param description for the progress line
     * @param note what the contender says of itself
     */
    TcpRounds(
            Measurement<S> measurement,
            Function<S, String> description,
            Function<S, String> note,
            PrintStream progress) {
        this.measurement = measurement;
        this.description = description;
        this.note = note;
        this.progress = progress;
    }

    /** What was measured of each; when one run fails, so does the whole. */
    List<ContenderResult<S>> run(int rounds, List<TcpContender> contenders) {
        List<List<S>> samples =
                new Rounds<>(TcpContender::name, this::measure, description, progress).run(rounds, contenders);
        List<ContenderResult<S>> results = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            TcpContender contender = contenders.get(i);
            String says = note.apply(samples.get(i).getFirst());
            results.add(new ContenderResult<>(contender.name(), contender.setup(), says, samples.get(i)));
        }
        return results;
    }

    private S measure(TcpContender contender) {
        try (TcpBed bed = TcpBed.open();
                Contender.Running running = contender.start(bed)) {
            return measurement.measure(bed, running);
        }
    }
}
