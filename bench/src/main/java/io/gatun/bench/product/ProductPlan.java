package io.gatun.bench.product;

import io.gatun.bench.report.Spread;
import io.gatun.bench.traffic.Cpu;
import java.time.Duration;

/**
 * How a case of the whole product is run.
 *
 * @param rounds how often it is started, measured and stopped, at least {@link Spread#SAMPLES_MIN}
 * @param window traffic that counts
 * @param generatorCpu the generator's, and the far end's
 * @param forwardingCpu Gatun's
 */
public record ProductPlan(int rounds, Duration window, Cpu generatorCpu, Cpu forwardingCpu) {
    public ProductPlan {
        if (rounds < Spread.SAMPLES_MIN) {
            throw new IllegalArgumentException("rounds=" + rounds + ", give at least " + Spread.SAMPLES_MIN);
        }
    }

    /** A short one. */
    public static ProductPlan quick(int rounds) {
        return new ProductPlan(rounds, Duration.ofSeconds(2), new Cpu(0), new Cpu(1));
    }

    /** A longer one. */
    public static ProductPlan full(int rounds) {
        return new ProductPlan(rounds, Duration.ofSeconds(5), new Cpu(0), new Cpu(1));
    }
}
