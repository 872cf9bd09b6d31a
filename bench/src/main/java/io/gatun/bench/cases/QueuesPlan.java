package io.gatun.bench.cases;

import io.gatun.bench.report.Spread;
import io.gatun.bench.traffic.Cpu;
import io.gatun.bench.traffic.Flows;
import io.gatun.bench.traffic.FrameKind;
import java.time.Duration;
import java.util.List;

/**
 * How the queues case is run.
 *
 * @param rounds how often each layout is started, measured and stopped, at least {@link Spread#SAMPLES_MIN}
 * @param warmUp traffic before the window, not counted
 * @param window what is counted
 * @param frames their length
 * @param flows how many
 * @param cpus one for each queue, two
 */
public record QueuesPlan(int rounds, Duration warmUp, Duration window, FrameKind frames, Flows flows, List<Cpu> cpus) {
    public QueuesPlan {
        cpus = List.copyOf(cpus);
        if (rounds < Spread.SAMPLES_MIN) {
            throw new IllegalArgumentException("rounds=" + rounds + ", give at least " + Spread.SAMPLES_MIN);
        }
        if (cpus.size() != 2 || cpus.get(0).number() % 2 != 0 || cpus.get(1).number() % 2 != 1) {
            throw new IllegalArgumentException("cpus=" + cpus
                    + ", give one with an even number, then one with an odd: veth chooses queues by them");
        }
    }

    /** About a minute. */
    public static QueuesPlan quick(int rounds, FrameKind frames, Flows flows, List<Cpu> cpus) {
        return new QueuesPlan(rounds, Duration.ofSeconds(3), Duration.ofSeconds(1), frames, flows, cpus);
    }

    /** About three minutes. */
    public static QueuesPlan full(int rounds, FrameKind frames, Flows flows, List<Cpu> cpus) {
        return new QueuesPlan(rounds, Duration.ofSeconds(6), Duration.ofSeconds(3), frames, flows, cpus);
    }

    /** One queue on the first CPU, one on the second, two on both. */
    List<Layout> layouts() {
        return List.of(
                new Layout("one queue, " + cpus.get(0), List.of(cpus.get(0))),
                new Layout("one queue, " + cpus.get(1), List.of(cpus.get(1))),
                new Layout("two queues", cpus));
    }

    /**
     * Which CPUs have a queue.
     *
     * @param name short, for tables
     * @param cpus one for each queue
     */
    record Layout(String name, List<Cpu> cpus) {}
}
