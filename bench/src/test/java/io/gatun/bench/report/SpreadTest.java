package io.gatun.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void ofAnOddNumberTheMedianIsTheMiddleOne() {
        assertEquals(new Spread(3, 1, 9, 3), Spread.of(9, 1, 3));
    }

    @Test
    void ofAnEvenNumberTheMedianIsBetweenTheMiddleTwo() {
        assertEquals(new Spread(3.5, 1, 9, 4), Spread.of(9, 1, 3, 4));
    }

    @Test
    void samplesAreLeftAsTheyAre() {
        double[] samples = {3, 1, 2};
        Spread.of(samples);
        assertEquals(3, samples[0]);
    }

    @Test
    void isPrintedWithItsSpreadOrNotAtAll() {
        assertEquals("1.32 (1.28-1.35)", Spread.of(1.35, 1.28, 1.32).text(1, 2));
        assertEquals("793 (600-1420)", Spread.of(793_000, 600_000, 1_420_000).text(1e-3, 0));
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Spread.of(1, 2));
        assertEquals("samples=2, a figure needs at least 3 rounds", refused.getMessage());
    }

    @Test
    void aSampleThatIsNoNumberIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Spread.of(1, Double.NaN, 3));
    }
}
