package io.gatun.forwarder.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeastConnectionsTest {
    /** The numbers of endpoints 0, 1, 2. */
    private static final int[] IDS = {7, 0, 255};

    private final OpenConnections open = new OpenConnections();
    private final AtomicLong cursor = new AtomicLong();

    @Test
    void equalsTakeTurns() {
        assertArrayEquals(new int[] {0, 1, 2, 0, 1, 2}, opened(policy(1, 1, 1), 6));
    }

    @Test
    void whoHasTheFewestIsNext() {
        LeastConnections policy = policy(1, 1, 1);
        opened(policy, 9);
        policy.ended(IDS[1]);
        policy.ended(IDS[1]);

        assertEquals(1, policy.peek(0));
        assertArrayEquals(new int[] {1, 1}, opened(policy, 2));
    }

    @Test
    void connectionsAreForTheirWeight() {
        opened(policy(3, 1, 2), 60);

        assertEquals(30, open.count(IDS[0]));
        assertEquals(10, open.count(IDS[1]));
        assertEquals(20, open.count(IDS[2]));
    }

    @Test
    void whoMayNotBeUsedIsNotChosen() {
        LeastConnections policy =
                new LeastConnections(new int[] {1, 1, 0}, new boolean[] {false, true, true}, IDS, open, cursor);

        assertArrayEquals(new int[] {1, 1, 1}, opened(policy, 3));
        assertFalse(policy.accepts(0));
        assertTrue(policy.accepts(1));
        assertFalse(policy.accepts(2));
        assertEquals(Policy.NONE, policy(0, 0, 0).choose(0));
    }

    @Test
    void aSuccessorKnowsTheConnectionsOfItsPredecessor() {
        opened(policy(1, 1, 1), 3);
        policy(1, 1, 1).ended(IDS[2]);

        assertEquals(2, policy(1, 1, 1).choose(0));
    }

    @Test
    void theCountOfTheTableSetsItRight() {
        LeastConnections policy = policy(1, 1, 1);
        opened(policy, 30);
        policy.ended(IDS[0]);
        open.seen(IDS[0]);
        open.seen(IDS[0]);
        open.seen(IDS[2]);

        open.countComplete();

        assertEquals(2, open.count(IDS[0]));
        assertEquals(0, open.count(IDS[1]));
        assertEquals(1, open.count(IDS[2]));
        open.countComplete();
        assertEquals(0, open.count(IDS[0]), "a round counts from nothing");
    }

    @Test
    void anEndpointThatGetsTheNumberOfOneThatIsGoneBeginsAtNothing() {
        opened(policy(1, 1, 1), 6);

        open.forget(IDS[1]);

        assertEquals(0, open.count(IDS[1]));
        assertEquals(1, policy(1, 1, 1).choose(0));
    }

    @Test
    void endsThatWereCountedTwiceLeaveNoDebt() {
        policy(1, 1, 1).ended(IDS[0]);

        assertEquals(0, open.count(IDS[0]));
    }

    private LeastConnections policy(int... weights) {
        return new LeastConnections(weights, new boolean[] {true, true, true}, IDS, open, cursor);
    }

    private static int[] opened(LeastConnections policy, int flows) {
        return IntStream.range(0, flows)
                .map(flow -> {
                    int endpoint = policy.choose(flow);
                    policy.opened(IDS[endpoint]);
                    return endpoint;
                })
                .toArray();
    }
}
