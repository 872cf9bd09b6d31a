package io.gatun.forwarder.agent;

/**
 * Which endpoints of one service still have connections, from what the sweeps of the whole table meet. Two sweeps without
 * any, because a connection may have been about to be made during the first.
 */
final class Drains {
    private static final int IDS = 256;
    private static final int EMPTY_ROUNDS = 2;

    private final int[] emptyRounds = new int[IDS];

    /**
     * All of the table has been seen once more.
     *
     * @param connections of the endpoint that it met
     * @param drains whether the endpoint gets no new connections
     * @return whether it has had its last one, and that is news
     */
    boolean endRound(int endpointId, int connections, boolean drains) {
        if (!drains || connections > 0) {
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
        emptyRounds[endpointId] = 0;
    }
}
