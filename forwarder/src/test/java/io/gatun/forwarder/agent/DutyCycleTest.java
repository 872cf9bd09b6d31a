package io.gatun.forwarder.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DutyCycleTest {
    private final DutyCycle cycle = new DutyCycle();
    private long nowNs = Long.MAX_VALUE - 5_000; // the clock's origin is anywhere

    @Test
    void theLongestWithWorkCounts() {
        pass(40, true);
        pass(90, true);
        pass(20, true);
        pass(7_000, false);
        pass(0, false);
        assertEquals(90, cycle.maxNs());
    }

    @Test
    void itIsForgottenAfterAMinuteOrTwo() {
        pass(90, true);
        pass(DutyCycle.WINDOW_NS, false);
        pass(30, true);
        pass(0, false);
        assertEquals(90, cycle.maxNs());
        pass(DutyCycle.WINDOW_NS, false);
        pass(0, false);
        assertEquals(30, cycle.maxNs());
        pass(DutyCycle.WINDOW_NS, false);
        pass(0, false);
        assertEquals(0, cycle.maxNs());
    }

    private void pass(long ns, boolean worked) {
        cycle.begin(nowNs);
        cycle.worked(worked);
        nowNs += ns;
    }
}
