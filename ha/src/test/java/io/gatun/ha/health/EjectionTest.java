package io.gatun.ha.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EjectionTest {
    private final Ejection ejection = new Ejection();
    private long failures = 1_000; // of before anybody looked
    private int answer = 7;
    private long nowNs = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(20); // the clock may wrap

    @Test
    void whatWasBeforeTheFirstLookDoesNotCount() {
        second(0, 0);

        assertFalse(ejection.suspect());
    }

    @Test
    void failuresInARowMakeASuspect() {
        second(0, 0);
        second(3, 0);
        assertFalse(ejection.suspect());
        second(2, 0);
        assertTrue(ejection.suspect());
    }

    @Test
    void anAnswerBetweenThemForgives() {
        second(0, 0);
        second(4, 0);
        second(4, 1);
        second(4, 0);
        assertFalse(ejection.suspect());
    }

    @Test
    void eachTimeItIsOutForTwiceAsLong() {
        second(0, 0);
        assertEquals(10, secondsOut());
        assertEquals(20, secondsOut());
        assertEquals(40, secondsOut());
    }

    @Test
    void afterTwiceThatTimeInsideItIsTrustedAgain() {
        second(0, 0);
        secondsOut();
        secondsOut();
        for (int i = 0; i < 41; i++) {
            second(0, 1);
        }

        assertEquals(10, secondsOut());
    }

    private int secondsOut() {
        second(Ejection.FAILURES, 0);
        assertTrue(ejection.suspect());
        ejection.eject(nowNs);
        int seconds = 0;
        while (ejection.out()) {
            second(0, 0);
            seconds++;
        }
        return seconds;
    }

    private void second(int moreFailures, int moreAnswers) {
        nowNs += TimeUnit.SECONDS.toNanos(1);
        failures += moreFailures;
        answer += moreAnswers;
        ejection.on(failures, answer, nowNs);
    }
}
