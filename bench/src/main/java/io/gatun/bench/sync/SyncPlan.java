package io.gatun.bench.sync;

import io.gatun.bench.report.Spread;
import io.gatun.bench.traffic.Cpu;
import java.time.Duration;

/**
 * How the sync case is run.
 *
 * @param rounds how often each layout is set up and measured, at least {@link Spread#SAMPLES_MIN}
 * @param freshPerSecond new flows
 * @param warmUp traffic before the window, not counted
 * @param window what is counted
 * @param agentCpu where packets are forwarded
 * @param otherCpu where the peer is, and the exchange where it has a CPU of its own
 */
public record SyncPlan(int rounds, int freshPerSecond, Duration warmUp, Duration window, Cpu agentCpu, Cpu otherCpu) {
    /** Of the issue. */
    private static final int FRESH_PER_SECOND = 20_000;

    public SyncPlan {
        if (rounds < Spread.SAMPLES_MIN) {
            throw new IllegalArgumentException("rounds=" + rounds + ", give at least " + Spread.SAMPLES_MIN);
        }
        if (agentCpu.equals(otherCpu)) {
            throw new IllegalArgumentException(
                    "cpus=" + agentCpu.number() + "," + otherCpu.number() + ", give two different ones");
        }
    }

    /** About a minute. */
    public static SyncPlan quick(int rounds, Cpu agentCpu, Cpu otherCpu) {
        return new SyncPlan(rounds, FRESH_PER_SECOND, Duration.ofSeconds(1), Duration.ofSeconds(2), agentCpu, otherCpu);
    }

    /** About two minutes. */
    public static SyncPlan full(int rounds, Cpu agentCpu, Cpu otherCpu) {
        return new SyncPlan(rounds, FRESH_PER_SECOND, Duration.ofSeconds(2), Duration.ofSeconds(4), agentCpu, otherCpu);
    }

    /** Who copies, and where. */
    enum Layout {
        ALONE("no peer"),
        OTHER_CPU("a peer, the exchange on the other CPU"),
        SAME_CPU("a peer, the exchange on the agent's CPU");

        private final String text;

        Layout(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }
}
