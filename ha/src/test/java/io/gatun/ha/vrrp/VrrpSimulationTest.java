package io.gatun.ha.vrrp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** {@code -Dgatun.vrrp.seed=N} replays one history, {@code -Dgatun.vrrp.runs=N} makes more of them. */
class VrrpSimulationTest {
    private static final int RUNS = 10_000;

    @Test
    void whateverHappenedExactlyOneIsActiveAfterwards() {
        Long only = Long.getLong("gatun.vrrp.seed");
        long first = only == null ? 1 : only;
        long runs = only == null ? Long.getLong("gatun.vrrp.runs", RUNS) : 1;
        long takeovers = 0;
        for (long seed = first; seed < first + runs; seed++) {
            takeovers += run(seed);
        }
        assertTrue(takeovers > runs, "only " + takeovers + " takeovers in " + runs + " histories");
    }

    private static int run(long seed) {
        Simulation simulation = new Simulation(seed);
        try {
            simulation.run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("replay with -Dgatun.vrrp.seed=" + seed + ": " + e.getMessage(), e);
        }
        return simulation.takeovers();
    }
}
