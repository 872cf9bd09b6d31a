package io.gatun.forwarder.balance;

import java.util.concurrent.atomic.AtomicLong;

/** Each new flow to the next endpoint, starting at the first, skipping those that may not be used. */
public final class RoundRobin implements Policy {
    private final boolean[] usable;
    private final AtomicLong cursor;

    /**
     * A policy over these endpoints.
     *
     * @param usable per endpoint, whether new flows may be sent to it
     * @param cursor flows chosen so far; handed on when the rule changes, shared by all agents
     */
    public RoundRobin(boolean[] usable, AtomicLong cursor) {
        this.usable = usable.clone();
        this.cursor = cursor;
    }

    @Override
    public int choose(int flowHash) {
        for (int tries = 0; tries < usable.length; tries++) {
            int index = (int) (cursor.getAndIncrement() % usable.length);
            if (usable[index]) {
                return index;
            }
        }
        return NONE;
    }

    @Override
    public boolean accepts(int endpoint) {
        return usable[endpoint];
    }

    @Override
    public int peek(int flowHash) {
        long next = cursor.get();
        for (int tries = 0; tries < usable.length; tries++) {
            int index = (int) ((next + tries) % usable.length);
            if (usable[index]) {
                return index;
            }
        }
        return NONE;
    }
}
