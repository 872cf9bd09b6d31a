package io.gatun.bench.cases;

import io.gatun.bench.peers.Contender;
import io.gatun.bench.peers.Testbed;
import io.gatun.bench.traffic.Cpu;
import io.gatun.bench.traffic.FrameKind;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Measures what forwards packets, in turns, each time on fresh links.
 *
 * @param <S> what a measurement yields
 */
final class PacketRounds<S> {
    private final Layout layout;
    private final Function<PacketStage, S> measurement;
    private final Function<S, String> description;
    private final PrintStream progress;

    /**
     * What the links are like.
     *
     * @param generatorCpu the generator's, and the far end's
     * @param forwardingCpu the contender's
     */
    record Layout(FrameKind frames, Cpu generatorCpu, Cpu forwardingCpu) {
        Layout {
            if (generatorCpu.equals(forwardingCpu)) {
                throw new IllegalArgumentException("generatorCpu=" + generatorCpu.number() + " forwardingCpu="
                        + forwardingCpu.number() + ", give two different CPUs");
            }
        }
    }

    /** @param description for the progress line */
    PacketRounds(
            Layout layout,
            Function<PacketStage, S> measurement,
            Function<S, String> description,
            PrintStream progress) {
        this.layout = layout;
        this.measurement = measurement;
        this.description = description;
        this.progress = progress;
    }

    /** What was measured of each; when one run fails, so does the whole. */
    List<ContenderResult<S>> run(int rounds, List<Contender> contenders) {
        List<List<S>> samples =
                new Rounds<>(Contender::name, this::once, description, progress).run(rounds, contenders);
        List<ContenderResult<S>> results = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            Contender contender = contenders.get(i);
            results.add(new ContenderResult<>(contender.name(), contender.setup(), "", samples.get(i)));
        }
        return results;
    }

    /** One contender, once. */
    S once(Contender contender) {
        try (Testbed bed = Testbed.of(contender, layout.generatorCpu(), layout.forwardingCpu(), layout.frames());
                Contender.Running running = contender.start(bed)) {
            return measurement.apply(new PacketStage(bed, running));
        }
    }
}
