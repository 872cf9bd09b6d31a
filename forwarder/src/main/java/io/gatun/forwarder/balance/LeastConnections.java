package io.gatun.forwarder.balance;

import java.util.concurrent.atomic.AtomicLong;

/** Each new flow to the endpoint with the fewest open connections for its weight; equals take turns. */
public final class LeastConnections implements Policy {
    private final int[] weights;
    private final int[] ids;
    private final OpenConnections open;
    private final AtomicLong cursor;

    /**
     * A policy over these endpoints.
     *
     * @param weights per endpoint, from 0
     * @param usable per endpoint, whether new flows may be sent to it
     * @param ids per endpoint, its number in {@code open}
     * @param open connections now; handed on when the rule changes, shared by all agents
     * @param cursor flows chosen so far, likewise
     */
    public LeastConnections(int[] weights, boolean[] usable, int[] ids, OpenConnections open, AtomicLong cursor) {
        this.weights = weights.clone();
        for (int i = 0; i < weights.length; i++) {
            this.weights[i] = usable[i] ? weights[i] : 0;
        }
        this.ids = ids.clone();
        this.open = open;
        this.cursor = cursor;
    }

    @Override
    public int choose(int flowHash) {
        return least(cursor.getAndIncrement());
    }

    @Override
    public int peek(int flowHash) {
        return least(cursor.get());
    }

    @Override
    public boolean accepts(int endpoint) {
        return weights[endpoint] > 0;
    }

    @Override
    public void opened(int endpointId) {
        open.opened(endpointId);
    }

    @Override
    public void ended(int endpointId) {
        open.ended(endpointId);
    }

    private int least(long turn) {
        int best = NONE;
        long connections = 0;
        for (int i = 0; i < weights.length; i++) {
            int endpoint = (int) ((turn + i) % weights.length);
            if (weights[endpoint] > 0) {
                long with = open.count(ids[endpoint]) + 1L;
                if (best == NONE || with * weights[best] < connections * weights[endpoint]) {
                    best = endpoint;
                    connections = with;
                }
            }
        }
        return best;
    }
}
