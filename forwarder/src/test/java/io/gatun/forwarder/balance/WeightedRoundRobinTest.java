package io.gatun.forwarder.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WeightedRoundRobinTest {
    private final AtomicLong cursor = new AtomicLong();

    @Test
    void turnsOfAHeavyEndpointAreSpread() {
        assertArrayEquals(new int[] {0, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 2, 0, 0}, choices(policy(all(3), 5, 1, 1), 14));
    }

    @Test
    void equalWeightsAreRoundRobin() {
        assertArrayEquals(new int[] {0, 1, 2, 0, 1, 2}, choices(policy(all(3), 100, 100, 100), 6));
    }

    @Test
    void whoMayNotBeUsedHasNoTurn() {
        WeightedRoundRobin policy = policy(new boolean[] {true, false, true}, 1, 7, 2);

        assertArrayEquals(new int[] {2, 0, 2, 2, 0, 2}, choices(policy, 6));
        assertTrue(policy.accepts(0));
        assertFalse(policy.accepts(1));
    }

    @Test
    void noneWhenNoneMayBeUsed() {
        assertEquals(Policy.NONE, policy(new boolean[2], 1, 1).choose(0));
        assertEquals(Policy.NONE, policy(all(2), 0, 0).choose(0));
        assertEquals(Policy.NONE, policy(all(2), 0, 0).peek(0));
    }

    @Test
    void peekTellsTheNextAndChangesNothing() {
        WeightedRoundRobin policy = policy(all(3), 5, 1, 1);
        choices(policy, 2);

        assertEquals(1, policy.peek(0));
        assertEquals(1, policy.peek(0));
        assertEquals(1, policy.choose(0));
    }

    private WeightedRoundRobin policy(boolean[] usable, int... weights) {
        return new WeightedRoundRobin(weights, usable, new AtomicLong(cursor.get()));
    }

    private static boolean[] all(int count) {
        boolean[] usable = new boolean[count];
        Arrays.fill(usable, true);
        return usable;
    }

    private static int[] choices(Policy policy, int flows) {
        return IntStream.range(0, flows).map(policy::choose).toArray();
    }
}
