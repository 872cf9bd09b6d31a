package io.gatun.ha.bfd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The rules of RFC 5880 section 6.8, one sentence each; the peer is played by hand. */
class BfdSessionTest {
    private static final int LOCAL = 7;
    private static final int REMOTE = 9;
    private static final long MS = 1_000_000;
    private static final int ATTEMPTS_MAX = 20;

    private final BfdFlyweight sent = new BfdFlyweight().wrap(new UnsafeBuffer(new byte[24]), 0);
    private final BfdFlyweight peer = peer(new UnsafeBuffer(new byte[24]));
    private final Recorder recorder = new Recorder();
    private BfdSession session = session(BfdTimers.ofMillis(50, 3));
    private long nowNs = Long.MAX_VALUE - 500 * MS; // times wrap around on the way

    @Test
    void aPeerThatIsThereIsUpAfterThreePackets() {
        session.start(nowNs);
        assertSent(BfdState.DOWN, BfdDiagnostic.NONE, 0);
        hear(BfdState.DOWN);
        assertSent(BfdState.INIT, BfdDiagnostic.NONE, REMOTE);
        hear(BfdState.INIT);
        assertSent(BfdState.UP, BfdDiagnostic.NONE, REMOTE);
        assertEquals(3, recorder.sent);
        assertEquals("DOWN INIT UP", recorder.states.toString().trim());
    }

    @Test
    void aPeerThatSaysUpDoesNotMoveWhoIsDown() {
        session.start(nowNs);
        hear(BfdState.UP);
        assertEquals(BfdState.DOWN, session.state());
        hear(BfdState.DOWN);
        hear(BfdState.UP);
        assertEquals(BfdState.UP, session.state());
    }

    @Test
    void initStaysInitWhileThePeerHearsNothing() {
        session.start(nowNs);
        hear(BfdState.DOWN);
        hear(BfdState.DOWN);
        assertEquals(BfdState.INIT, session.state());
    }

    @Test
    void aPeerThatSignalsDownOrAdminDownIsDown() {
        for (BfdState said : new BfdState[] {BfdState.DOWN, BfdState.ADMIN_DOWN}) {
            bringUp();
            hear(said);
            assertSent(BfdState.DOWN, BfdDiagnostic.NEIGHBOUR_SIGNALLED_DOWN, REMOTE);
            assertEquals(said, session.remoteState());
        }
    }

    @Test
    void adminDownKeepsEverybodyDown() {
        bringUp();
        session.stop(nowNs);
        assertSent(BfdState.ADMIN_DOWN, BfdDiagnostic.ADMINISTRATIVELY_DOWN, REMOTE);
        int before = recorder.sent;
        for (BfdState said : BfdState.values()) {
            peer.stateAndFlags(said, /* poll= */ true, /* isFinal= */ false);
            session.onPacket(peer, nowNs);
            assertEquals(BfdState.ADMIN_DOWN, session.state());
        }
        assertEquals(before, recorder.sent, "no answer to polls");
        session.start(nowNs);
        hear(BfdState.ADMIN_DOWN);
        assertEquals(BfdState.DOWN, session.state());
    }

    @Test
    void silenceIsNoticedWhenTheDetectionTimeHasPassed() {
        bringUp();
        hear(BfdState.UP, 20, 4);
        long detectionNs = 4 * 50 * MS;
        assertEquals(detectionNs, session.detectionNs(), "4 x max(50 we take, 20 it sends)");
        session.onTimer(nowNs + detectionNs - 1);
        assertEquals(BfdState.UP, session.state());
        session.onTimer(nowNs + detectionNs);
        assertSent(BfdState.DOWN, BfdDiagnostic.DETECTION_TIME_EXPIRED, 0);
        assertEquals(0, session.remoteDiscriminator());
    }

    @Test
    void theSlowerOfBothSetsTheDetectionTime() {
        bringUp();
        hear(BfdState.UP, 200, 3);
        assertEquals(600 * MS, session.detectionNs());
    }

    @Test
    void aPeerThatIsDownAndSilentIsForgotten() {
        session.start(nowNs);
        hear(BfdState.UP, 1_000, 3);
        assertEquals(REMOTE, session.remoteDiscriminator());
        session.onTimer(nowNs + 3_000 * MS);
        assertEquals(BfdState.DOWN, session.state());
        assertEquals(0, session.remoteDiscriminator());
        assertEquals(BfdDiagnostic.NONE, session.diagnostic(), "the state did not change");
    }

    @Test
    void aPeerThatStartedAgainIsKnownByItsNewDiscriminator() {
        bringUp();
        peer.myDiscriminator(1234);
        hear(BfdState.DOWN);
        assertSent(BfdState.DOWN, BfdDiagnostic.NEIGHBOUR_SIGNALLED_DOWN, 1234);
    }

    @Test
    void whoIsNotUpSendsOnceASecondAtMost() {
        session.start(nowNs);
        assertEquals(1_000_000, sent.desiredMinTxUs());
        assertPace(750 * MS, 1_000 * MS);
        bringUp();
        assertEquals(50_000, sent.desiredMinTxUs());
        assertPaceWhileHearing(37_500_000, 50 * MS);
        session.onTimer(nowNs + session.detectionNs());
        nowNs += session.detectionNs();
        assertEquals(1_000_000, sent.desiredMinTxUs());
        assertPace(750 * MS, 1_000 * MS);
    }

    @Test
    void multiplierOneLeavesATenthForThePeerToHearIt() {
        session = session(BfdTimers.ofMillis(50, 1));
        bringUp();
        assertPaceWhileHearing(37_500_000, 45 * MS);
    }

    @Test
    void aPeerThatTakesLessIsSentLess() {
        bringUp();
        peer.requiredMinRxUs(400_000);
        hear(BfdState.UP, 400, 3);
        assertEquals(400 * MS, session.intervalNs());
        assertPaceWhileHearing(300 * MS, 400 * MS);
    }

    @Test
    void aPeerThatTakesNothingIsSentNothingButChangesAndAnswers() {
        bringUp();
        peer.requiredMinRxUs(0);
        hear(BfdState.UP);
        int before = recorder.sent;
        session.onTimer(nowNs + 100 * MS);
        assertEquals(before, recorder.sent);
        session.onTimer(nowNs + 150 * MS);
        assertEquals(before + 1, recorder.sent, "the change");
        session.onTimer(nowNs + 1_150 * MS);
        assertEquals(before + 2, recorder.sent, "its wish is forgotten");
    }

    @Test
    void aPeerInDemandModeIsSentPollsOnly() {
        bringUp();
        hearFinal();
        peer.stateAndFlags(BfdState.UP, /* poll= */ false, /* isFinal= */ false);
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[24]);
        BfdFlyweight demanding = peer(bytes);
        bytes.putByte(1, (byte) (bytes.getByte(1) | BfdFlyweight.DEMAND));
        session.onPacket(demanding, nowNs);
        int before = recorder.sent;
        session.onTimer(nowNs + 60 * MS);
        assertEquals(before, recorder.sent);
        session.timers(BfdTimers.ofMillis(40, 3), nowNs);
        session.onTimer(nowNs + 61 * MS);
        assertEquals(before + 1, recorder.sent);
        assertTrue(sent.poll());
    }

    @Test
    void aPollIsAnsweredAtOnce() {
        bringUp();
        peer.stateAndFlags(BfdState.UP, /* poll= */ true, /* isFinal= */ false);
        long deadlineNs = session.deadlineNs(nowNs);
        int before = recorder.sent;
        session.onPacket(peer, nowNs);
        assertEquals(before + 1, recorder.sent);
        assertTrue(sent.isFinal());
        assertFalse(sent.poll(), "never both");
        assertEquals(deadlineNs, session.deadlineNs(nowNs), "the pace is what it was");
    }

    @Test
    void goingUpIsPolledUntilItIsAnswered() {
        bringUp();
        assertTrue(sent.poll());
        hear(BfdState.UP);
        assertTrue(session.polling());
        hearFinal();
        assertFalse(session.polling());
    }

    @Test
    void aSlowerPaceIsKeptToOnceThePeerKnowsIt() {
        bringUp();
        hearFinal();
        session.timers(BfdTimers.ofMillis(300, 3), nowNs);
        assertEquals(50 * MS, session.intervalNs());
        assertPolled(300_000, 300_000);
        hearFinal();
        assertEquals(300 * MS, session.intervalNs());
        assertEquals(900 * MS, session.detectionNs());
    }

    @Test
    void aFasterPaceIsKeptToAtOnceButExpectedOnceThePeerKnowsIt() {
        bringUp();
        hearFinal();
        session.timers(BfdTimers.ofMillis(20, 3), nowNs);
        hear(BfdState.UP, 20, 3);
        assertEquals(50 * MS, session.intervalNs(), "the peer takes no faster");
        assertEquals(150 * MS, session.detectionNs());
        assertPolled(20_000, 20_000);
        hearFinal();
        assertEquals(60 * MS, session.detectionNs());
    }

    @Test
    void aChangeDuringAPollIsPolledForAgain() {
        bringUp();
        hearFinal();
        session.timers(BfdTimers.ofMillis(300, 3), nowNs);
        session.timers(BfdTimers.ofMillis(400, 3), nowNs);
        hearFinal();
        assertTrue(session.polling());
        assertEquals(50 * MS, session.intervalNs());
        hearFinal();
        assertEquals(400 * MS, session.intervalNs());
    }

    @Test
    void afterAFreezeOnePacketIsSentAndNotAllThatWereMissed() {
        session.start(nowNs);
        int before = recorder.sent;
        session.onTimer(nowNs + 100_000 * MS);
        assertEquals(before + 1, recorder.sent);
    }

    @Test
    void nothingIsSaidBeforeTheStart() {
        session.onTimer(nowNs + 10_000 * MS);
        assertEquals(0, recorder.sent);
        assertTrue(session.deadlineNs(nowNs) - nowNs > 1_000_000 * MS);
    }

    @Test
    void wrongWishesAreNamed() {
        assertThrows(IllegalArgumentException.class, () -> BfdTimers.ofMillis(9, 3));
        assertThrows(IllegalArgumentException.class, () -> BfdTimers.ofMillis(50, 0));
        assertThrows(IllegalArgumentException.class, () -> BfdTimers.ofMillis(50, 256));
        assertThrows(IllegalArgumentException.class, () -> BfdTimers.ofMillis(5_000_000, 3));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> BfdTimers.ofMillis(9, 3))
                .getMessage()
                .contains("desiredMinTxUs=9000, give 10000"));
    }

    @Test
    void aSessionThatIsUpAllocatesNothing() {
        bringUp();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS_MAX && least > 0; attempt++) {
            long idle = threads.getThreadAllocatedBytes(thread);
            long meter = threads.getThreadAllocatedBytes(thread) - idle;
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 10_000; i++) {
                nowNs += 10 * MS;
                peer.stateAndFlags(BfdState.UP, (i & 7) == 0, (i & 7) == 1);
                session.onPacket(peer, nowNs);
                if (nowNs - session.deadlineNs(nowNs) >= 0) {
                    session.onTimer(nowNs);
                }
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before - meter);
        }
        assertEquals(0, least);
        assertEquals(BfdState.UP, session.state());
    }

    private BfdSession session(BfdTimers timers) {
        return new BfdSession(LOCAL, timers, new SplittableRandom(1), recorder);
    }

    private void bringUp() {
        session.stop(nowNs);
        session.start(nowNs);
        hear(BfdState.DOWN);
        hear(BfdState.INIT);
        assertEquals(BfdState.UP, session.state());
        hear(BfdState.UP, 50, 3);
    }

    private void hear(BfdState said) {
        session.onPacket(peer.stateAndFlags(said, /* poll= */ false, /* isFinal= */ false), nowNs);
    }

    private void hear(BfdState said, long desiredMinTxMs, int multiplier) {
        peer.desiredMinTxUs(desiredMinTxMs * 1_000).multiplier(multiplier);
        hear(said);
    }

    private void hearFinal() {
        session.onPacket(peer.stateAndFlags(BfdState.UP, /* poll= */ false, /* isFinal= */ true), nowNs);
    }

    private static BfdFlyweight peer(UnsafeBuffer bytes) {
        return new BfdFlyweight()
                .wrap(bytes, 0)
                .fillConstants()
                .stateAndFlags(BfdState.UP, /* poll= */ false, /* isFinal= */ false)
                .multiplier(3)
                .myDiscriminator(REMOTE)
                .yourDiscriminator(LOCAL)
                .desiredMinTxUs(50_000)
                .requiredMinRxUs(50_000);
    }

    private void assertSent(BfdState state, BfdDiagnostic diagnostic, int yourDiscriminator) {
        assertEquals(state, sent.state());
        assertEquals(diagnostic, sent.diagnostic());
        assertEquals(yourDiscriminator, sent.yourDiscriminator());
        assertEquals(LOCAL, sent.myDiscriminator());
    }

    private void assertPolled(long desiredMinTxUs, long requiredMinRxUs) {
        int before = recorder.sent;
        session.onTimer(session.deadlineNs(nowNs));
        assertEquals(before + 1, recorder.sent);
        assertTrue(sent.poll());
        assertEquals(desiredMinTxUs, sent.desiredMinTxUs());
        assertEquals(requiredMinRxUs, sent.requiredMinRxUs());
    }

    /** Intervals lie in these bounds, and use the whole of them. */
    private void assertPace(long minNs, long maxNs) {
        pace(minNs, maxNs, /* hearing= */ false);
    }

    private void assertPaceWhileHearing(long minNs, long maxNs) {
        pace(minNs, maxNs, /* hearing= */ true);
    }

    private void pace(long minNs, long maxNs, boolean hearing) {
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < 1_000; i++) {
            if (hearing) {
                hear(BfdState.UP);
            }
            int before = recorder.sent;
            long dueNs = session.deadlineNs(nowNs);
            session.onTimer(dueNs - 1);
            assertEquals(before, recorder.sent);
            session.onTimer(dueNs);
            assertEquals(before + 1, recorder.sent);
            if (i > 0) {
                least = Math.min(least, dueNs - nowNs);
                most = Math.max(most, dueNs - nowNs);
            }
            nowNs = dueNs;
        }
        assertTrue(least >= minNs && most <= maxNs, least + " to " + most);
        assertTrue(least < minNs + (maxNs - minNs) / 50 && most > maxNs - (maxNs - minNs) / 50, least + " to " + most);
    }

    private final class Recorder implements BfdActions {
        final StringBuilder states = new StringBuilder();
        int sent;

        @Override
        public void transmit(BfdSession from, boolean isFinal) {
            from.encode(BfdSessionTest.this.sent, isFinal);
            sent++;
        }

        @Override
        public void onState(BfdSession of, BfdState from, long atNs) {
            states.append(of.state()).append(' ');
        }
    }
}
