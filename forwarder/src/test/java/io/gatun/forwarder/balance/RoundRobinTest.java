package io.gatun.forwarder.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoundRobinTest {
    private final AtomicLong cursor = new AtomicLong();

    @Test
    void startsAtTheFirstAndGoesRound() {
        assertArrayEquals(new int[] {0, 1, 2, 0, 1, 2}, choices(policy(true, true, true), 6));
    }

    @Test
    void theFlowsHashDoesNotMatter() {
        RoundRobin policy = policy(true, true);

        assertEquals(0, policy.choose(-1));
        assertEquals(1, policy.choose(-1));
        assertEquals(0, policy.choose(Integer.MIN_VALUE));
    }

    @Test
    void skipsThoseThatMayNotBeUsed() {
        assertArrayEquals(new int[] {0, 2, 0, 2}, choices(policy(true, false, true), 4));
        assertArrayEquals(new int[] {2, 2, 2}, choices(policy(false, false, true), 3));
    }

    @Test
    void noneWhenNoneMayBeUsed() {
        assertEquals(Policy.NONE, policy(false, false).choose(0));
        assertEquals(Policy.NONE, policy().choose(0));
    }

    @Test
    void aSuccessorGoesOnWhereItsPredecessorStopped() {
        choices(policy(true, true, true), 4);

        assertArrayEquals(new int[] {1, 2, 0}, choices(policy(true, true, true), 3));
    }

    @Test
    void laterChangesOfTheArrayDoNotReachThePolicy() {
        boolean[] usable = {true, true};
        RoundRobin policy = new RoundRobin(usable, cursor);
        usable[0] = false;

        assertArrayEquals(new int[] {0, 1, 0}, choices(policy, 3));
    }

    private RoundRobin policy(boolean... usable) {
        return new RoundRobin(usable, cursor);
    }

    private static int[] choices(Policy policy, int flows) {
        return IntStream.range(0, flows).map(policy::choose).toArray();
    }
}
