package io.gatun.ha.vrrp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VrrpInstanceTest {
    private static final int INTERVAL_CS = 10;
    private static final long OWN = 5;
    private static final long LESSER = 4;
    private static final long GREATER = 6;
    private static final long START_NS =
            Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(100); // wraps in the first second

    private final RecordedActions actions = new RecordedActions();
    private long probeNs;
    private VrrpInstance instance = instance(100, true, 0);
    private long nowNs = START_NS;

    @ParameterizedTest
    @CsvSource({"100, 100, 3609375", "254, 100, 3007812", "200, 100, 3218750", "100, 10, 360937", "100, 1, 36093"})
    void silenceOfTheOwnerThatIsATakeover(int priority, int intervalCs, long microseconds) {
        assertEquals(microseconds, VrrpTiming.activeDownNs(priority, intervalCs) / 1000);
    }

    @Test
    void aBackupThatHearsNobodyTakesOverAndThenAdvertisesEachInterval() {
        start();
        after(360);
        assertEquals(List.of(), actions.take());
        after(1);
        assertEquals(List.of("advert 100 10", "active"), actions.take());
        assertEquals(VrrpState.ACTIVE, instance.state());
        after(99);
        assertEquals(List.of(), actions.take());
        after(1);
        assertEquals(List.of("advert 100 10"), actions.take());
    }

    @Test
    void itNeedsBothALinkAndToBeEnabled() {
        instance.enable(true, nowNs);
        assertEquals(VrrpState.INITIALIZE, instance.state());
        instance.onLink(true, nowNs);
        assertEquals(VrrpState.BACKUP, instance.state());
        instance.enable(false, nowNs);
        assertEquals(VrrpState.INITIALIZE, instance.state());
        assertEquals(List.of(), actions.take());
    }

    @Test
    void aDetectorThatFindsTheOwnerDeadShortensTheWait() {
        start();
        advert(200, INTERVAL_CS, GREATER);
        instance.onNodeLost(0, LESSER, nowNs);
        after(100);
        assertEquals(VrrpState.BACKUP, instance.state(), "that was not the owner");
        instance.onNodeLost(0, GREATER, nowNs);
        after(60);
        assertEquals(VrrpState.BACKUP, instance.state());
        after(1);
        assertEquals(VrrpState.ACTIVE, instance.state(), "skew is 60.9 ms");
        instance.onNodeLost(0, GREATER, nowNs);
        assertEquals(VrrpState.ACTIVE, instance.state());
    }

    @Test
    void theOwnerOfTheAddressesIsActiveAtOnce() {
        instance = instance(255, true, 0);
        start();
        assertEquals(List.of("advert 255 10", "active"), actions.take());
    }

    @Test
    void anOwnerThatLeavesSaysSo() {
        becomeActive();
        instance.enable(false, nowNs);
        assertEquals(List.of("advert 0 10", "silent"), actions.take());
        after(1000);
        assertEquals(List.of(), actions.take());
    }

    @Test
    void withoutALinkAnOwnerIsSilentAndListensFirstWhenItIsBack() {
        becomeActive();
        instance.onLink(false, nowNs);
        assertEquals(List.of("silent"), actions.take());
        instance.onLink(true, nowNs);
        assertEquals(VrrpState.BACKUP, instance.state());
    }

    @Test
    void aBackupWaitsOnlyItsSkewWhenTheOwnerLeaves() {
        start();
        advert(0, INTERVAL_CS, LESSER);
        after(60);
        assertEquals(VrrpState.BACKUP, instance.state());
        after(1);
        assertEquals(VrrpState.ACTIVE, instance.state());
    }

    @Test
    void aBackupObeysABetterOneAndItsInterval() {
        start();
        after(300);
        advert(200, 100, LESSER);
        assertEquals(100, instance.activeIntervalCs());
        after(3609);
        assertEquals(VrrpState.BACKUP, instance.state());
        after(1);
        assertEquals(List.of("advert 100 10", "active"), actions.take());
        assertEquals(INTERVAL_CS, instance.activeIntervalCs());
    }

    @Test
    void aBackupTakesOverFromAnInferiorOwner() {
        start();
        for (int i = 0; i < 36; i++) {
            after(10);
            advert(99, INTERVAL_CS, GREATER);
            assertEquals(VrrpState.BACKUP, instance.state());
        }
        after(1);
        assertEquals(VrrpState.ACTIVE, instance.state());
    }

    @Test
    void withoutPreemptionItObeysAnyOwner() {
        instance = instance(100, false, 0);
        start();
        for (int i = 0; i < 50; i++) {
            after(100);
            advert(1, INTERVAL_CS, LESSER);
        }
        assertEquals(VrrpState.BACKUP, instance.state());
        after(361);
        assertEquals(VrrpState.ACTIVE, instance.state());
    }

    @Test
    void withADelayItObeysAnInferiorOwnerThatLong() {
        instance = instance(100, true, TimeUnit.SECONDS.toNanos(5));
        start();
        for (int i = 0; i < 53; i++) {
            after(100);
            advert(50, INTERVAL_CS, LESSER);
            assertEquals(VrrpState.BACKUP, instance.state(), "after " + i);
        }
        after(100);
        assertEquals(VrrpState.ACTIVE, instance.state());
    }

    @Test
    void whoIsHeldBackObeysAnInferiorOwnerUntilItIsLetGo() {
        start();
        instance.preemption(Preemption.HELD_BACK);
        for (int i = 0; i < 200; i++) {
            after(100);
            advert(50, INTERVAL_CS, LESSER);
            assertEquals(VrrpState.BACKUP, instance.state(), "after " + i);
        }
        instance.preemption(Preemption.ALLOWED);
        for (int i = 0; i < 3; i++) {
            after(100);
            advert(50, INTERVAL_CS, LESSER);
            assertEquals(VrrpState.BACKUP, instance.state());
        }
        after(61);
        assertEquals(VrrpState.ACTIVE, instance.state());
    }

    @Test
    void whoIsHeldBackTakesOverWhenTheOwnerIsGone() {
        start();
        instance.preemption(Preemption.HELD_BACK);
        advert(50, INTERVAL_CS, LESSER);
        after(360);
        assertEquals(VrrpState.BACKUP, instance.state());
        after(1);
        assertEquals(VrrpState.ACTIVE, instance.state());
    }

    @Test
    void whoIsHeldBackTakesOverWhenTheOwnerLeavesOrIsFoundDead() {
        start();
        instance.preemption(Preemption.HELD_BACK);
        advert(50, INTERVAL_CS, LESSER);
        advert(0, INTERVAL_CS, LESSER);
        after(61);
        assertEquals(VrrpState.ACTIVE, instance.state());

        instance = instance(100, true, 0);
        instance.preemption(Preemption.HELD_BACK);
        start();
        advert(50, INTERVAL_CS, LESSER);
        instance.onNodeLost(0, LESSER, nowNs);
        after(61);
        assertEquals(VrrpState.ACTIVE, instance.state());
    }

    @Test
    void whoLacksConnectionsBelievesInSilenceLater() {
        instance.preemption(Preemption.AFTER_PATIENCE);
        start();
        advert(200, 1, GREATER);
        instance.preemption(Preemption.HELD_BACK);
        advert(200, 1, GREATER);
        after(299);
        assertEquals(VrrpState.BACKUP, instance.state());
        after(1);
        assertEquals(VrrpState.ACTIVE, instance.state());
    }

    @Test
    void whoLacksConnectionsListensForAsLongAfterAFreeze() {
        instance.preemption(Preemption.HELD_BACK);
        start();
        advert(200, 1, GREATER);
        nowNs += 400_000_000;
        instance.onFreeze(nowNs);
        after(299);
        assertEquals(VrrpState.BACKUP, instance.state());
        after(1);
        assertEquals(VrrpState.ACTIVE, instance.state());
    }

    @Test
    void whoHasHadThemAllOnceIsNoNewcomerWhenAPeerComesBack() {
        instance.preemption(Preemption.HELD_BACK);
        start();
        instance.preemption(Preemption.ALLOWED);
        instance.preemption(Preemption.HELD_BACK);
        advert(200, 1, GREATER);
        after(36);
        assertEquals(VrrpState.BACKUP, instance.state());
        after(1);
        assertEquals(VrrpState.ACTIVE, instance.state());
    }

    @Test
    void patienceWithAnInferiorOwnerEnds() {
        start();
        instance.preemption(Preemption.AFTER_PATIENCE);
        for (int i = 0; i < 103; i++) {
            after(100);
            advert(50, INTERVAL_CS, LESSER);
            assertEquals(VrrpState.BACKUP, instance.state(), "after " + i);
        }
        after(100);
        assertEquals(VrrpState.ACTIVE, instance.state());
    }

    @ParameterizedTest
    @CsvSource({"101, 4, BACKUP", "100, 6, BACKUP", "100, 4, ACTIVE", "99, 6, ACTIVE"})
    void ofTwoOwnersTheBetterStays(int otherPriority, long otherAddress, VrrpState after) {
        becomeActive();
        advert(otherPriority, 20, otherAddress);
        assertEquals(after, instance.state());
        List<String> expected = after == VrrpState.BACKUP ? List.of("silent") : List.of("advert 100 10", "rival");
        assertEquals(expected, actions.take());
    }

    @Test
    void anOwnerAnswersOneThatLeaves() {
        becomeActive();
        advert(0, INTERVAL_CS, GREATER);
        assertEquals(List.of("advert 100 10"), actions.take());
    }

    @Test
    void anOwnerSaysAtOnceThatItsPriorityIsAnother() {
        becomeActive();
        instance.priority(50, nowNs);
        instance.priority(50, nowNs);
        assertEquals(List.of("advert 50 10"), actions.take());
        advert(60, INTERVAL_CS, LESSER);
        assertEquals(List.of("silent"), actions.take());
    }

    @Test
    void aRaisedBackupTakesOver() {
        start();
        advert(100, INTERVAL_CS, LESSER);
        instance.priority(150, nowNs);
        for (int i = 0; i < 4; i++) {
            after(100);
            advert(100, INTERVAL_CS, LESSER);
        }
        assertEquals(VrrpState.ACTIVE, instance.state());
    }

    @Test
    void anOwnerThatFrozeListensForAnIntervalAndAnnouncesAgain() {
        becomeActive();
        nowNs += TimeUnit.SECONDS.toNanos(2);
        instance.onFreeze(nowNs);
        assertEquals(List.of("silent"), actions.take());
        after(99);
        assertEquals(List.of(), actions.take());
        after(1);
        assertEquals(List.of("advert 100 10", "active"), actions.take());
    }

    @Test
    void anOwnerWhoseAdvertIsStillWaitedForGoesOn() {
        becomeActive();
        nowNs += TimeUnit.MILLISECONDS.toNanos(299);
        instance.onFreeze(nowNs);
        instance.onTimer(nowNs);
        assertEquals(List.of("advert 100 10"), actions.take());
        assertEquals(VrrpState.ACTIVE, instance.state());
        nowNs += TimeUnit.MILLISECONDS.toNanos(300);
        instance.onFreeze(nowNs);
        assertEquals(List.of("silent"), actions.take());
    }

    @Test
    void anOwnerThatFrozeStepsDownBeforeABetterOne() {
        becomeActive();
        nowNs += TimeUnit.SECONDS.toNanos(2);
        instance.onFreeze(nowNs);
        advert(100, INTERVAL_CS, LESSER);
        after(300);
        assertEquals(VrrpState.BACKUP, instance.state());
    }

    @Test
    void aBackupThatFrozeListensFirst() {
        start();
        nowNs += TimeUnit.SECONDS.toNanos(2);
        instance.onFreeze(nowNs);
        after(99);
        assertEquals(VrrpState.BACKUP, instance.state());
        after(1);
        assertEquals(VrrpState.ACTIVE, instance.state());
    }

    @Test
    void beforeATakeoverFromSilenceTheAddressIsAskedFor() {
        probing(20);
        start();
        advert(200, INTERVAL_CS, GREATER);
        after(341);
        assertEquals(List.of("probe"), actions.take());
        after(19);
        assertEquals(List.of(), actions.take());
        after(1);
        assertEquals(List.of("advert 100 10", "active"), actions.take());
        assertEquals(
                new Takeover(Detection.SILENCE, TimeUnit.MILLISECONDS.toNanos(361), 0, nowNs),
                instance.takeover(nowNs));
    }

    @Test
    void theProbeWaitsForOneIntervalAtMost() {
        probing(500);
        start();
        after(261);
        after(99);
        assertEquals(VrrpState.BACKUP, instance.state());
        after(1);
        assertEquals(VrrpState.ACTIVE, instance.state());
    }

    @Test
    void anAnswerHoldsTheTakeoverBackForAMasterDownIntervalButTheTenthInARowIsNotBelieved() {
        probing(20);
        start();
        instance.onProbeAnswer(nowNs);
        after(341);
        for (int i = 1; i <= 9; i++) {
            assertEquals(List.of("probe"), actions.take());
            after(10);
            instance.onProbeAnswer(nowNs);
            instance.onProbeAnswer(nowNs); // two hosts have it
            assertEquals(i, instance.heldBack());
            after(340);
            assertEquals(List.of(), actions.take());
            after(1);
        }
        assertEquals(List.of("probe"), actions.take());
        instance.onProbeAnswer(nowNs);
        after(20);
        assertEquals(List.of("advert 100 10", "active"), actions.take());
        assertEquals(9, instance.takeover(nowNs).heldBack());
    }

    @Test
    void anAdvertEndsARowOfAnswers() {
        probing(20);
        start();
        after(341);
        instance.onProbeAnswer(nowNs);
        advert(200, INTERVAL_CS, GREATER);
        assertEquals(0, instance.heldBack());
        after(341);
        assertEquals(List.of("probe", "probe"), actions.take());
        advert(200, INTERVAL_CS, GREATER);
        after(340);
        assertEquals(List.of(), actions.take(), "it is heard again while the probe is under way");
    }

    @Test
    void whoLeavesAndWhoHasLessPriorityIsNotAskedFor() {
        probing(20);
        start();
        advert(200, INTERVAL_CS, GREATER);
        advert(0, INTERVAL_CS, GREATER);
        after(61);
        assertEquals(List.of("advert 100 10", "active"), actions.take());
        assertEquals(Detection.LEFT, instance.takeover(nowNs).detection());

        instance = instance(100, true, 0);
        start();
        for (int i = 0; i < 4; i++) {
            after(90);
            advert(99, INTERVAL_CS, GREATER);
        }
        after(1);
        assertEquals(List.of("advert 100 10", "active"), actions.take());
        assertEquals(Detection.PREFERENCE, instance.takeover(nowNs).detection());
    }

    @Test
    void itTellsByWhatATakeoverWasFound() {
        start();
        after(361);
        assertEquals(new Takeover(Detection.NOBODY, 0, 0, nowNs), instance.takeover(nowNs));

        nowNs += TimeUnit.SECONDS.toNanos(2);
        instance.onFreeze(nowNs);
        after(100);
        assertEquals(VrrpState.ACTIVE, instance.state());
        assertEquals(
                new Takeover(Detection.FREEZE, TimeUnit.MILLISECONDS.toNanos(2_100), 0, nowNs),
                instance.takeover(nowNs));

        advert(200, INTERVAL_CS, GREATER);
        after(10);
        instance.onNodeLost(0, GREATER, nowNs);
        after(61);
        assertEquals(
                new Takeover(Detection.BFD, TimeUnit.MILLISECONDS.toNanos(71), 0, nowNs), instance.takeover(nowNs));
    }

    private void probing(long ms) {
        probeNs = TimeUnit.MILLISECONDS.toNanos(ms);
        instance = instance(100, true, 0);
    }

    private VrrpInstance instance(int priority, boolean preempt, long delayNs) {
        VrrpInstance made =
                new VrrpInstance(new VrrpSpec(7, priority, INTERVAL_CS, preempt, delayNs, probeNs), actions);
        made.address(0, OWN);
        return made;
    }

    private void start() {
        instance.enable(true, nowNs);
        instance.onLink(true, nowNs);
    }

    private void becomeActive() {
        start();
        after(361);
        assertEquals(VrrpState.ACTIVE, instance.state());
        actions.take();
    }

    private void after(long ms) {
        nowNs += TimeUnit.MILLISECONDS.toNanos(ms);
        instance.onTimer(nowNs);
    }

    private void advert(int priority, int intervalCs, long source) {
        instance.onAdvert(priority, intervalCs, 0, source, nowNs);
    }
}
