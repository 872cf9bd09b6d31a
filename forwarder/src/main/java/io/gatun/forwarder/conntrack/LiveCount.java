package io.gatun.forwarder.conntrack;

import java.util.concurrent.atomic.AtomicLongArray;

/** Number of flows, striped by hash so that agents seldom meet on a line. */
final class LiveCount {
    private static final int STRIPES = 16;
    private static final int STRIDE = 16;

    private final AtomicLongArray counts = new AtomicLongArray((STRIPES + 1) * STRIDE);

    /** Both the hash and the control word of a flow lead to its stripe. */
    void add(int hashOrWord, int delta) {
        final int stripe = Control.homeBits(hashOrWord) & (STRIPES - 1);
        counts.getAndAdd((stripe + 1) * STRIDE, delta);
    }

    long sum() {
        long sum = 0;
        for (int stripe = 1; stripe <= STRIPES; stripe++) {
            sum += counts.get(stripe * STRIDE);
        }
        return sum;
    }
}
