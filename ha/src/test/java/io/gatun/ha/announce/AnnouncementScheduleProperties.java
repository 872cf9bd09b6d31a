package io.gatun.ha.announce;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class AnnouncementScheduleProperties {
    @Property
    void howeverTheClockStepsOnePointIsReportedOnceAndTheNextIsNeverFarAway(
            @ForAll long startNs, @ForAll @Size(max = 60) List<@LongRange(max = 90_000_000_000L) Long> stepsNs) {
        AnnouncementSchedule schedule = new AnnouncementSchedule(AnnouncementTimes.DEFAULT);
        schedule.start(startNs);
        assertTrue(schedule.due(startNs));
        long nowNs = startNs;
        for (long stepNs : stepsNs) {
            long deadlineNs = schedule.deadlineNs();
            nowNs += stepNs;
            assertTrue(schedule.due(nowNs) == (nowNs - deadlineNs >= 0));
            assertFalse(schedule.due(nowNs));
            assertTrue(schedule.deadlineNs() - nowNs > 0);
            assertTrue(schedule.deadlineNs() - nowNs <= AnnouncementTimes.DEFAULT.periodNs());
        }
    }

    @Property
    void claimantsAreAnsweredAtMostOnceInTenSeconds(
            @ForAll long startNs, @ForAll @Size(max = 100) List<@LongRange(max = 6_000_000_000L) Long> stepsNs) {
        ConflictDefence defence = new ConflictDefence();
        assertTrue(defence.onConflict(startNs));
        long nowNs = startNs;
        long lastNs = startNs;
        long unanswered = 0;
        for (long stepNs : stepsNs) {
            nowNs += stepNs;
            boolean answered = defence.onConflict(nowNs);
            assertTrue(answered == (nowNs - lastNs >= TimeUnit.SECONDS.toNanos(10)));
            lastNs = answered ? nowNs : lastNs;
            unanswered += answered ? 0 : 1;
        }
        assertTrue(defence.takeUnanswered() == unanswered);
        assertTrue(defence.takeUnanswered() == 0);
    }
}
