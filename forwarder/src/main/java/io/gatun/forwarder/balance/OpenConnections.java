package io.gatun.forwarder.balance;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Open connections of each endpoint of a service, by the endpoint's number. Agents add and subtract as they see flows
 * begin and end; one thread sets it right now and then, from a count of the connection table.
 */
public final class OpenConnections {
    private static final int IDS = 256;

    private final AtomicIntegerArray counts = new AtomicIntegerArray(IDS);
    private final int[] seen = new int[IDS];

    void opened(int endpointId) {
        counts.incrementAndGet(endpointId);
    }

    void ended(int endpointId) {
        counts.decrementAndGet(endpointId);
    }

    /** Open connections of an endpoint, as far as is known; never negative. */
    public int count(int endpointId) {
        return Math.max(0, counts.get(endpointId));
    }

    /** The number is given to another endpoint. The counting thread. */
    public void forget(int endpointId) {
        counts.set(endpointId, 0);
        seen[endpointId] = 0;
    }

    /** The count of the table has met one. The counting thread. */
    public void seen(int endpointId) {
        seen[endpointId]++;
    }

    /** The count of the table is complete. The counting thread. */
    public void countComplete() {
        for (int id = 0; id < IDS; id++) {
            counts.set(id, seen[id]);
            seen[id] = 0;
        }
    }
}
