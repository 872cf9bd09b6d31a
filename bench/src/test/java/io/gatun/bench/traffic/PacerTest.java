package io.gatun.bench.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PacerTest {
    private static final long ELAPSED_NS = 100_000_000;

    @Test
    void fullSpeedHasNoDelay() {
        Pacer pacer = new Pacer(0);
        pacer.observe(1, ELAPSED_NS);
        assertEquals(0, pacer.delay());
    }

    @Test
    void findsTheRateOnMachinesOfAnySpeed() {
        for (double turnNs : new double[] {3, 8, 20}) {
            for (double frameNs : new double[] {150, 400, 700}) {
                double periodNs = settled(new Pacer(800_000), frameNs, turnNs);
                assertEquals(1_250, periodNs, 2 * turnNs, "turn " + turnNs + " ns, frame " + frameNs + " ns");
            }
        }
    }

    @Test
    void aRateBeyondTheMachineEndsWithoutDelay() {
        Pacer pacer = new Pacer(5_000_000);
        settled(pacer, 500, 8);
        assertEquals(0, pacer.delay());
    }

    @Test
    void theDelayStaysWithinTheProgramsBound() {
        Pacer pacer = new Pacer(1);
        settled(pacer, 500, 8);
        assertEquals(GeneratorProgram.DELAY_MAX, pacer.delay());
    }

    @Test
    void anIntervalWithoutFramesChangesNothing() {
        Pacer pacer = new Pacer(400_000);
        int before = pacer.delay();
        assertTrue(before > 0);
        pacer.observe(0, ELAPSED_NS);
        assertEquals(before, pacer.delay());
    }

    /** Lets the pacer steer a machine whose frames cost {@code frameNs} and turns {@code turnNs}; the last period. */
    private static double settled(Pacer pacer, double frameNs, double turnNs) {
        for (int i = 0; i < 4; i++) {
            pacer.observe(Math.round(ELAPSED_NS / (frameNs + turnNs * pacer.delay())), ELAPSED_NS);
        }
        return frameNs + turnNs * pacer.delay();
    }
}
