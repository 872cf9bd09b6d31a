package io.gatun.bench.cases;

import io.gatun.bench.report.Spread;
import io.gatun.bench.traffic.Cpu;
import io.gatun.bench.traffic.Flows;
import io.gatun.bench.traffic.FrameKind;
import java.time.Duration;
import java.util.List;

/**
 * How the forward case is run.
 *
 * @param rounds how often each contender is started, measured and stopped, at least {@link Spread#SAMPLES_MIN}
 * @param ladder offered rates, frames per second, 0 for as fast as the generator can
 * @param warmUp traffic before the first step of a round, not counted
 * @param settle traffic at each step before the window, not counted; the rate is set in it
 * @param window what is counted at each step
 * @param overload whether twice the best rate is offered after the ladder
 * @param frames their length
 * @param flows how many
 * @param generatorCpu the generator's
 * @param forwardingCpu the contender's
 */
public record ForwardPlan(
        int rounds,
        List<Integer> ladder,
        Duration warmUp,
        Duration settle,
        Duration window,
        boolean overload,
        FrameKind frames,
        Flows flows,
        Cpu generatorCpu,
        Cpu forwardingCpu) {
    public ForwardPlan {
        ladder = List.copyOf(ladder);
        if (rounds < Spread.SAMPLES_MIN) {
            throw new IllegalArgumentException("rounds=" + rounds + ", give at least " + Spread.SAMPLES_MIN);
        }
        if (ladder.isEmpty() || generatorCpu.equals(forwardingCpu)) {
            throw new IllegalArgumentException("ladder=" + ladder + " generatorCpu=" + generatorCpu.number()
                    + " forwardingCpu=" + forwardingCpu.number() + ", give a rate or more and two different CPUs");
        }
    }

    /** About a minute and a half with four contenders. */
    public static ForwardPlan quick(
            int rounds, boolean overload, FrameKind frames, Flows flows, Cpu generatorCpu, Cpu forwardingCpu) {
        return new ForwardPlan(
                rounds,
                List.of(500_000, 900_000, 0),
                Duration.ofSeconds(5),
                Duration.ofMillis(300),
                Duration.ofMillis(700),
                overload,
                frames,
                flows,
                generatorCpu,
                forwardingCpu);
    }

    /** About five minutes with four contenders. */
    public static ForwardPlan full(
            int rounds, boolean overload, FrameKind frames, Flows flows, Cpu generatorCpu, Cpu forwardingCpu) {
        return new ForwardPlan(
                rounds,
                List.of(300_000, 600_000, 900_000, 1_200_000, 0),
                Duration.ofSeconds(6),
                Duration.ofMillis(400),
                Duration.ofSeconds(1),
                overload,
                frames,
                flows,
                generatorCpu,
                forwardingCpu);
    }

    /** The same, with or without the step after the ladder. */
    ForwardPlan withOverload(boolean wanted) {
        return new ForwardPlan(
                rounds, ladder, warmUp, settle, window, wanted, frames, flows, generatorCpu, forwardingCpu);
    }

    /** {@code 800 kpps}, or {@code full} for 0. */
    static String label(int framesPerSecond) {
        return framesPerSecond == 0 ? "full speed" : framesPerSecond / 1_000 + " kpps";
    }
}
