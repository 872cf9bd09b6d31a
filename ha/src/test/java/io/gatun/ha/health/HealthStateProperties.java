package io.gatun.ha.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class HealthStateProperties {
    @Property
    void theVerdictFollowsFromTheLastOutcomes(
            @ForAll @Size(min = 1, max = 200) List<Boolean> outcomes,
            @ForAll @IntRange(min = 1, max = 5) int fall,
            @ForAll @IntRange(min = 1, max = 5) int rise,
            @ForAll long startNs,
            @ForAll @IntRange(min = 100, max = 5_000) int stepMs) {
        HealthState state = new HealthState(ProbePace.of(100, 0, fall, rise), startNs);
        long nowNs = startNs;
        int bad = 0;
        int good = 0;
        for (boolean well : outcomes) {
            boolean before = state.up();
            boolean changed = state.on(well, nowNs);
            bad = well ? 0 : bad + 1;
            good = well ? good + 1 : 0;
            assertEquals(changed, before != state.up());
            if (bad >= fall) {
                assertFalse(state.up(), "down after so many failures, whatever was before");
            }
            if (changed && state.up()) {
                assertTrue(good >= rise, "up only after so many successes");
            }
            if (changed && !state.up()) {
                assertTrue(bad >= fall, "down only after so many failures");
            }
            assertTrue(state.holdNs() <= TimeUnit.MINUTES.toNanos(1));
            nowNs += TimeUnit.MILLISECONDS.toNanos(stepMs);
        }
    }

    @Property
    void whateverWasBeforeItIsUpAfterAMinuteOfGoodAnswers(
            @ForAll @Size(max = 300) List<Boolean> outcomes,
            @ForAll @IntRange(min = 100, max = 60_000) int intervalMs) {
        HealthState state = new HealthState(ProbePace.of(intervalMs, 0, 2, 1), 0);
        long stepNs = TimeUnit.MILLISECONDS.toNanos(intervalMs);
        long nowNs = 0;
        for (boolean well : outcomes) {
            state.on(well, nowNs);
            nowNs += stepNs;
        }
        long sinceNs = nowNs;
        while (nowNs - sinceNs <= TimeUnit.MINUTES.toNanos(1) + stepNs) {
            state.on(true, nowNs);
            nowNs += stepNs;
        }
        assertTrue(state.up());
    }

    @Property
    void anEndpointThatFlapsAtWillIsUpForAShareThatShrinks(@ForAll @IntRange(min = 1, max = 20) int goodInRow) {
        HealthState state = new HealthState(ProbePace.of(100, 0, 2, 1), 0);
        long nowNs = 0;
        int changes = 0;
        for (int i = 0; i < 6_000; i++) { // ten minutes
            boolean well = i % (goodInRow + 2) < goodInRow;
            changes += state.on(well, nowNs) ? 1 : 0;
            nowNs += TimeUnit.MILLISECONDS.toNanos(100);
        }
        assertTrue(changes <= 8, changes + " changes");
    }
}
