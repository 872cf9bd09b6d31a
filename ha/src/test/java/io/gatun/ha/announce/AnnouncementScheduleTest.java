package io.gatun.ha.announce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AnnouncementScheduleTest {
    private static final long START_NS = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(3);

    private final AnnouncementSchedule schedule = new AnnouncementSchedule(AnnouncementTimes.DEFAULT);

    @Test
    void nothingIsDueBeforeTheStart() {
        assertFalse(schedule.due(START_NS));
    }

    @Test
    void burstThenEveryThirtySeconds() {
        schedule.start(START_NS);
        assertEquals(List.of(0L, 100L, 500L, 1000L, 2000L, 5000L, 35_000L, 65_000L, 95_000L), pointsMs(0, 100_000));
    }

    @Test
    void startingAgainBeginsTheBurstAnew() {
        schedule.start(START_NS);
        assertEquals(List.of(0L, 100L, 500L, 1000L), pointsMs(0, 1500));
        schedule.start(START_NS + TimeUnit.MILLISECONDS.toNanos(1500));
        assertEquals(List.of(1500L, 1600L, 2000L, 2500L, 3500L, 6500L, 36_500L), pointsMs(1500, 40_000));
    }

    @Test
    void otherTimesHoldAtOnce() {
        schedule.start(START_NS);
        assertEquals(List.of(0L, 100L, 500L), pointsMs(0, 700));
        schedule.times(new AnnouncementTimes(List.of(0L, 300L, 800L, 900L), 2_000), at(700));
        assertEquals(List.of(800L, 900L, 2_900L, 4_900L), pointsMs(700, 5_000));

        schedule.times(new AnnouncementTimes(List.of(0L), 1_000), at(5_000));
        assertEquals(List.of(6_000L, 7_000L), pointsMs(5_000, 7_500));
    }

    @Test
    void whatIsDueWhenTheTimesChangeIsNotForgotten() {
        schedule.start(START_NS);
        schedule.times(new AnnouncementTimes(List.of(0L, 50L), 10_000), START_NS);
        assertEquals(List.of(0L, 50L, 10_050L), pointsMs(0, 11_000));
    }

    @Test
    void timesThatCannotBeAreRefusedInASentence() {
        assertEquals(
                "announcementBurstMs=[], give 0 and up to 15 more, rising to at most 60000",
                refusal(List.of(), 30_000));
        assertEquals(
                "announcementBurstMs=[0, 500, 500], give 0 and up to 15 more, rising to at most 60000",
                refusal(List.of(0L, 500L, 500L), 30_000));
        assertEquals(
                "announcementBurstMs=[0, 60001], give 0 and up to 15 more, rising to at most 60000",
                refusal(List.of(0L, 60_001L), 30_000));
        assertEquals(
                "announcementBurstMs=[100], give 0 and up to 15 more, rising to at most 60000",
                refusal(List.of(100L), 30_000));
        assertEquals("announcementPeriodMs=999, give 1000-300000", refusal(List.of(0L), 999));
    }

    private static String refusal(List<Long> burstMs, long periodMs) {
        return assertThrows(IllegalArgumentException.class, () -> new AnnouncementTimes(burstMs, periodMs))
                .getMessage();
    }

    private static long at(long ms) {
        return START_NS + TimeUnit.MILLISECONDS.toNanos(ms);
    }

    @Test
    void nothingIsDueAfterTheStop() {
        schedule.start(START_NS);
        schedule.stop();
        assertEquals(List.of(), pointsMs(0, 100_000));
    }

    @Test
    void pointsThatPassedUnseenCountAsOne() {
        schedule.start(START_NS);
        assertTrue(schedule.due(START_NS + TimeUnit.MILLISECONDS.toNanos(1700)));
        assertEquals(List.of(2000L, 5000L), pointsMs(1700, 6000));
    }

    @Test
    void aLongFreezeEndsInOneAnnouncementAndThePeriodGoesOn() {
        schedule.start(START_NS);
        assertTrue(schedule.due(START_NS + TimeUnit.HOURS.toNanos(3)));
        assertFalse(schedule.due(START_NS + TimeUnit.HOURS.toNanos(3)));
        assertEquals(1, pointsMs(3 * 3_600_000, 3 * 3_600_000 + 30_000).size());
    }

    /** When announcements are due, asked every millisecond in [fromMs, untilMs). */
    private List<Long> pointsMs(long fromMs, long untilMs) {
        List<Long> points = new ArrayList<>();
        for (long ms = fromMs; ms < untilMs; ms++) {
            if (schedule.due(START_NS + TimeUnit.MILLISECONDS.toNanos(ms))) {
                points.add(ms);
            }
        }
        return points;
    }
}
