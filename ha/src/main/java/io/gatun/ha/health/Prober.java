package io.gatun.ha.health;

import java.io.IOException;

/** Asks once and waits for the answer. Called by many threads. */
@FunctionalInterface
public interface Prober extends AutoCloseable {
    /**
     * Asks.
     *
     * @param timeoutMs the answer comes within this time or counts as none
     * @throws IOException as good as {@link Outcome#down} with its message
     * @throws InterruptedException when the answer is no longer of interest
     */
    Outcome probe(ProbeTarget target, long timeoutMs) throws IOException, InterruptedException;

    /** Gives back what it has to ask with. Nobody asks any longer. */
    @Override
    default void close() {
        // Most have nothing.
    }
}
