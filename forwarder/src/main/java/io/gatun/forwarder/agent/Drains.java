package io.gatun.forwarder.agent;

/**
 * Which endpoints of one service still have connections, from what the sweeps of the whole table meet. Two sweeps without
 * any, because a connection may have been about to be made during the first.
 */
final class Drains {
    private static final int IDS = 256;
    private static final int EMPTY_ROUNDS = 2;

    private final boolean[] seen = new boolean[IDS];
    private final int[] emptyRounds = new int[IDS];

    /** A connection of this endpoint is there. */
    void see(int endpointId) {
        seen[endpointId] = true;
    }

    /**
     * All of the table has been seen once more.
     *
     * @param drains whether the endpoint gets no new connections
     * @return whether it has had its last one, and that is news
     */
    boolean endRound(int endpointId, boolean drains) {
        boolean empty = !seen[endpointId];
        seen[endpointId] = false;
        if (!drains || !empty) {
            emptyRounds[endpointId] = 0;
            return false;
        }
        if (emptyRounds[endpointId] == EMPTY_ROUNDS) {
            return false;
        }
        emptyRounds[endpointId]++;
        return emptyRounds[endpointId] == EMPTY_ROUNDS;
    }

    boolean isDrained(int endpointId) {
        return emptyRounds[endpointId] == EMPTY_ROUNDS;
    }

    /** The identity is given to another endpoint. */
    void forget(int endpointId) {
        seen[endpointId] = false;
        emptyRounds[endpointId] = 0;
    }
}
