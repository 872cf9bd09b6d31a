package io.gatun.bench.cases;

import io.gatun.bench.report.Spread;
import io.gatun.bench.traffic.Cpu;
import io.gatun.bench.traffic.FrameKind;
import java.time.Duration;

/**
 * How a packet case is run that is no ladder.
 *
 * @param rounds how often each contender is started, measured and stopped, at least {@link Spread#SAMPLES_MIN}
 * @param warmUp traffic before what is counted
 * @param window what is counted, of each trial
 * @param layout frames and CPUs
 * @param framesPerSecond offered, or 0 where the case finds it
 */
public record PacketPlan(
        int rounds, Duration warmUp, Duration window, PacketRounds.Layout layout, int framesPerSecond) {
    public PacketPlan {
        if (rounds < Spread.SAMPLES_MIN) {
            throw new IllegalArgumentException("rounds=" + rounds + ", give at least " + Spread.SAMPLES_MIN);
        }
        if (framesPerSecond < 0 || framesPerSecond > RATE_MAX) {
            throw new IllegalArgumentException("rate=" + framesPerSecond + ", give at most " + RATE_MAX);
        }
    }

    private static final int RATE_MAX = 2_000_000;

    /** A plan with little warm-up. */
    public static PacketPlan quick(int rounds, FrameKind frames, Cpu generatorCpu, Cpu forwardingCpu, int rate) {
        return new PacketPlan(
                rounds,
                Duration.ofSeconds(4),
                Duration.ofSeconds(1),
                new PacketRounds.Layout(frames, generatorCpu, forwardingCpu),
                rate);
    }

    /** A plan with more of everything. */
    public static PacketPlan full(int rounds, FrameKind frames, Cpu generatorCpu, Cpu forwardingCpu, int rate) {
        return new PacketPlan(
                rounds,
                Duration.ofSeconds(6),
                Duration.ofSeconds(2),
                new PacketRounds.Layout(frames, generatorCpu, forwardingCpu),
                rate);
    }

    /** Of a search, which has many. */
    Duration trial() {
        return window.dividedBy(2);
    }

    /** The same at another rate. */
    PacketPlan at(int rate) {
        return new PacketPlan(rounds, warmUp, window, layout, rate);
    }

    <S> SheetReport<S> into(SheetReport<S> report) {
        return report.plan("warmUpMs", (int) warmUp.toMillis())
                .plan("windowMs", (int) window.toMillis())
                .plan("frameBytesWithFcs", layout.frames().wireBytes());
    }
}
