package io.gatun.ha.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HealthStateTest {
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private long nowNs = Long.MAX_VALUE - 5 * STEP_NS; // the clock may wrap
    private final HealthState state = new HealthState(ProbePace.of(100, 0, 2, 1), nowNs);

    @Test
    void whatNobodyHasAskedYetIsUp() {
        assertTrue(state.up());
    }

    @Test
    void aSingleFailureIsForgiven() {
        outcomes("-+-+-+");

        assertTrue(state.up());
    }

    @Test
    void failuresInARowMakeItDownAndOneSuccessUpAgain() {
        outcomes("-");
        assertTrue(state.on(false, nowNs), "a change");
        assertFalse(state.up());
        assertFalse(state.on(false, nowNs), "it is down already");

        assertTrue(state.on(true, nowNs));
        assertTrue(state.up());
    }

    @Test
    void riseAsksForSuccessesInARow() {
        state.pace(ProbePace.of(100, 0, 2, 3));
        outcomes("--++-++");
        assertFalse(state.up());
        outcomes("+");
        assertTrue(state.up());
    }

    @Test
    void theSecondFallInShortTimeCostsASecondAndEachFurtherOneTwiceThat() {
        long first = downTime();
        long second = downTime();
        long third = downTime();
        long fourth = downTime();

        assertEquals(0, first);
        assertEquals(1_000, second);
        assertEquals(2_000, third);
        assertEquals(4_000, fourth);
        assertEquals(4, state.flaps());
    }

    @Test
    void aFailureDuringThePenaltyStartsItAnew() {
        downTime();
        outcomes("--" + "+".repeat(9) + "-" + "+".repeat(10));
        assertFalse(state.up());
        outcomes("+");
        assertTrue(state.up());
    }

    @Test
    void thePenaltyEndsAtAMinute() {
        for (int fall = 0; fall < 12; fall++) {
            downTime();
        }

        assertEquals(60_000, downTime());
    }

    @Test
    void itIsTrustedAgainAfterALongTimeUp() {
        downTime();
        downTime();
        for (int i = 0; i < 10 * 10 + 1; i++) {
            outcomes("+");
        }

        assertEquals(0, downTime());
        assertEquals(1, state.flaps());
    }

    /** Lets it fall; how many milliseconds of nothing but good answers it takes until it is up. */
    private long downTime() {
        outcomes("--");
        assertFalse(state.up());
        long firstGoodNs = nowNs;
        while (!state.on(true, nowNs)) {
            nowNs += STEP_NS;
        }
        return TimeUnit.NANOSECONDS.toMillis(nowNs - firstGoodNs);
    }

    private void outcomes(String text) {
        for (int i = 0; i < text.length(); i++) {
            state.on(text.charAt(i) == '+', nowNs);
            nowNs += STEP_NS;
        }
    }
}
