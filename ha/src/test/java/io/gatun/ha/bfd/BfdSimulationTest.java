package io.gatun.ha.bfd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

/**
 * Two sessions over a wire that loses, delays, doubles, reorders and parts. Each run follows from its seed: {@code
 * -Dgatun.bfd.seed=N} repeats one.
 */
class BfdSimulationTest {
    private static final int RUNS = 2_000;
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;
    /** Two handshakes at the slow pace, and what was known of the peer before has to be forgotten. */
    private static final long RECOVERY_NS = 5 * SECOND;

    @Test
    void whateverHappenedAHealedWireIsUpAndACutOneIsDown() {
        Long chosen = Long.getLong("gatun.bfd.seed");
        for (long seed = chosen == null ? 1 : chosen; seed <= (chosen == null ? RUNS : chosen); seed++) {
            try {
                new Run(seed).play();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionFailedError("-Dgatun.bfd.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private record Datagram(long atNs, long order, End to, UnsafeBuffer packet) implements Comparable<Datagram> {
        @Override
        public int compareTo(Datagram other) {
            return atNs == other.atNs ? Long.compare(order, other.order) : Long.compare(atNs, other.atNs);
        }
    }

    private static final class End implements BfdActions {
        final Run run;
        final String name;
        final BfdSession session;
        BfdTimers timers;
        End other;
        boolean deaf;
        long adminDownSinceNs = -1;
        long heardNs;
        long heardMultiplier;
        long heardMinTxUs;
        /** Wishes not yet known to be agreed: the longest counts. */
        final Deque<Long> wishesUs = new ArrayDeque<>();

        End(Run run, String name, int discriminator) {
            this.run = run;
            this.name = name;
            this.timers = run.timers();
            wishesUs.add(timers.requiredMinRxUs());
            session = new BfdSession(discriminator, timers, run.random.split(), this);
        }

        void start() {
            adminDownSinceNs = -1;
            session.start(run.nowNs);
        }

        void stop() {
            session.stop(run.nowNs);
            adminDownSinceNs = adminDownSinceNs < 0 ? run.nowNs : adminDownSinceNs;
        }

        void retime() {
            timers = run.timers();
            wishesUs.add(timers.requiredMinRxUs());
            session.timers(timers, run.nowNs);
        }

        void receive(UnsafeBuffer bytes) {
            BfdFlyweight packet = new BfdFlyweight().wrap(bytes, 0);
            assertTrue(packet.validate(bytes.capacity(), 255) == BfdVerdict.ACCEPTED, "we send valid packets only");
            int meant = packet.yourDiscriminator();
            assertTrue(meant == 0 || meant == session.localDiscriminator(), "we send to the session that is meant");
            heardNs = run.nowNs;
            heardMultiplier = packet.multiplier();
            heardMinTxUs = packet.desiredMinTxUs();
            session.onPacket(packet, run.nowNs);
        }

        /** The most that the peer may be silent, from the packets and wishes of this run alone. */
        long patienceNs() {
            long wishUs = heardMinTxUs;
            for (long each : wishesUs) {
                wishUs = Math.max(wishUs, each);
            }
            return heardMultiplier * wishUs * 1_000;
        }

        @Override
        public void transmit(BfdSession from, boolean isFinal) {
            UnsafeBuffer bytes = new UnsafeBuffer(new byte[BfdFlyweight.LENGTH_BYTES]);
            from.encode(new BfdFlyweight().wrap(bytes, 0), isFinal);
            run.send(other, bytes);
        }

        @Override
        public void onState(BfdSession of, BfdState from, long nowNs) {
            run.changes++;
        }

        boolean up() {
            return session.state() == BfdState.UP;
        }
    }

    private static final class Run {
        final SplittableRandom random;
        final PriorityQueue<Datagram> wire = new PriorityQueue<>();
        long nowNs;
        long order;
        int lossPercent;
        int doublePercent;
        long delayMaxNs;
        long delayEverNs;
        int changes;
        final End left;
        final End right;

        Run(long seed) {
            random = new SplittableRandom(seed);
            left = new End(this, "left", 1 + random.nextInt(1_000));
            right = new End(this, "right", 2_000 + random.nextInt(1_000));
            left.other = right;
            right.other = left;
        }

        BfdTimers timers() {
            long txMs = 10 + random.nextLong(random.nextBoolean() ? 90 : 1_500);
            long rxMs = 10 + random.nextLong(random.nextBoolean() ? 90 : 1_500);
            return new BfdTimers(txMs * 1_000, rxMs * 1_000, 2 + random.nextInt(4));
        }

        void play() {
            trouble();
            heal();
            retimeQuietly();
            switch (random.nextInt(3)) {
                case 0 -> cut();
                case 1 -> cutOneWay();
                default -> leave();
            }
            heal();
        }

        void trouble() {
            for (int i = 0; i < 12; i++) {
                lossPercent = random.nextInt(101);
                doublePercent = random.nextInt(30);
                delayMaxNs = random.nextLong(200 * MS);
                End end = random.nextBoolean() ? left : right;
                switch (random.nextInt(6)) {
                    case 0 -> end.stop();
                    case 1 -> end.deaf = !end.deaf;
                    case 2 -> end.retime();
                    default -> end.start();
                }
                advance(random.nextLong(2 * SECOND));
            }
        }

        void heal() {
            still(2 * MS);
            left.deaf = false;
            right.deaf = false;
            left.start();
            right.start();
            long patienceNs = Math.max(left.patienceNs(), right.patienceNs());
            advance(RECOVERY_NS + patienceNs);
            assertTrue(left.up() && right.up(), "healed, yet " + this);
            changes = 0;
            advance(3 * SECOND);
            assertTrue(changes == 0, "flaps on a good wire");
            settleWishes();
        }

        /** On a good wire a change of intervals is agreed upon without a flap. */
        void retimeQuietly() {
            changes = 0;
            for (int i = random.nextInt(4); i > 0; i--) {
                (random.nextBoolean() ? left : right).retime();
                advance(random.nextLong(100 * MS));
            }
            advance(10 * SECOND);
            assertTrue(changes == 0, "a change of intervals is no reason to go down");
            assertTrue(!left.session.polling() && !right.session.polling(), "polls end");
            assertTrue(left.session.intervalNs() == agreedNs(left), "left sends at the agreed pace");
            assertTrue(right.session.intervalNs() == agreedNs(right), "right sends at the agreed pace");
            settleWishes();
            advance(2 * SECOND);
        }

        private static long agreedNs(End end) {
            return 1_000 * Math.max(end.timers.desiredMinTxUs(), end.other.timers.requiredMinRxUs());
        }

        private void settleWishes() {
            for (End end : new End[] {left, right}) {
                end.wishesUs.clear();
                end.wishesUs.add(end.timers.requiredMinRxUs());
            }
        }

        void cut() {
            left.deaf = true;
            right.deaf = true;
            long leftNs = left.session.detectionNs();
            long rightNs = right.session.detectionNs();
            advance(Math.min(leftNs, rightNs));
            assertTrue(!(leftNs <= rightNs ? left : right).up(), "cut, yet after its detection time " + this);
            advance(Math.max(leftNs, rightNs) - Math.min(leftNs, rightNs));
            assertTrue(!left.up() && !right.up(), "cut, yet after the detection times " + this);
            advance(5 * SECOND);
            assertTrue(!left.up() && !right.up(), "up over a cut wire: " + this);
        }

        void cutOneWay() {
            End deaf = random.nextBoolean() ? left : right;
            deaf.deaf = true;
            advance(deaf.session.detectionNs() + delayMaxNs);
            assertTrue(!left.up() && !right.up(), "one way is cut, yet " + this);
            for (int i = 0; i < 50; i++) {
                advance(100 * MS);
                assertTrue(!left.up() && !right.up(), "up over half a wire: " + this);
            }
        }

        void leave() {
            End leaver = random.nextBoolean() ? left : right;
            leaver.stop();
            advance(delayMaxNs);
            assertTrue(!leaver.other.up(), "told AdminDown, yet " + this);
            for (int i = 0; i < 50; i++) {
                advance(100 * MS);
                assertTrue(!leaver.other.up(), "the other is AdminDown, yet " + this);
            }
            // Not at once: what it sent before may have overtaken that.
            assertTrue(leaver.other.session.remoteState() == BfdState.ADMIN_DOWN, "knows why");
        }

        void still(long delayNs) {
            lossPercent = 0;
            doublePercent = 0;
            delayMaxNs = delayNs;
        }

        void send(End to, UnsafeBuffer bytes) {
            delayEverNs = Math.max(delayEverNs, delayMaxNs);
            int copies = random.nextInt(100) < doublePercent ? 2 : 1;
            for (int i = 0; i < copies; i++) {
                if (random.nextInt(100) >= lossPercent) {
                    wire.add(new Datagram(nowNs + random.nextLong(delayMaxNs + 1), order++, to, bytes));
                }
            }
        }

        void advance(long forNs) {
            long endNs = nowNs + forNs;
            while (true) {
                long dueNs = Math.min(left.session.deadlineNs(nowNs), right.session.deadlineNs(nowNs));
                long arrivesNs = wire.isEmpty() ? Long.MAX_VALUE : wire.peek().atNs();
                long nextNs = Math.min(dueNs, arrivesNs);
                if (nextNs > endNs) {
                    break;
                }
                nowNs = Math.max(nowNs, nextNs);
                if (arrivesNs <= dueNs) {
                    Datagram datagram = wire.poll();
                    if (!datagram.to().deaf) {
                        datagram.to().receive(datagram.packet());
                    }
                }
                left.session.onTimer(nowNs);
                right.session.onTimer(nowNs);
                requireSane(left);
                requireSane(right);
            }
            nowNs = endNs;
        }

        /** What must hold at every moment, however bad the wire. */
        void requireSane(End end) {
            if (!end.up()) {
                return;
            }
            assertTrue(end.adminDownSinceNs < 0, end.name + " is Up and AdminDown");
            assertTrue(nowNs - end.heardNs <= end.patienceNs(), end.name + " is Up and hears nothing: " + this);
            // What was under way may be believed for a detection time; later the other's AdminDown must have told.
            long sinceNs = end.other.adminDownSinceNs;
            assertTrue(
                    sinceNs < 0 || nowNs - sinceNs <= delayEverNs + end.patienceNs(),
                    end.name + " is Up long after the other went AdminDown: " + this);
        }

        @Override
        public String toString() {
            return "left " + left.session.state() + " right " + right.session.state() + " at " + nowNs / MS + " ms";
        }
    }
}
