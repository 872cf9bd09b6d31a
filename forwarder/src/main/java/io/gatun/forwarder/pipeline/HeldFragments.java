package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.frame.FrameBatch;
import java.util.concurrent.TimeUnit;

/** Later fragments that came before their datagram's first: a bounded queue in order of arrival. */
final class HeldFragments {
    static final int CAPACITY = FrameBatch.CAPACITY;

    /** Those of one datagram are sent at once; only another path, or another queue, parts them. */
    private static final long PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final int[] offsets = new int[CAPACITY];
    private final int[] lengths = new int[CAPACITY];
    private final int[] offloads = new int[CAPACITY];
    private final long[] deadlinesNs = new long[CAPACITY];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    boolean isFull() {
        return size == CAPACITY;
    }

    void add(int offset, int length, int offload, long nowNs) {
        offsets[size] = offset;
        lengths[size] = length;
        offloads[size] = offload;
        deadlinesNs[size] = nowNs + PATIENCE_NS;
        size++;
    }

    /** Moves all of them into a batch, in order; {@link #keep} takes one back. @return how many */
    int takeAll(FrameBatch batch) {
        int taken = size;
        for (int i = 0; i < taken; i++) {
            batch.add(offsets[i], lengths[i], offloads[i]);
        }
        size = 0;
        return taken;
    }

    /** Whether the {@code i}th of those taken has waited long enough. */
    boolean isOver(int i, long nowNs) {
        return nowNs - deadlinesNs[i] >= 0;
    }

    /** Takes the {@code i}th of those taken back, to wait on; in the order in which they were taken. */
    void keep(int i) {
        offsets[size] = offsets[i];
        lengths[size] = lengths[i];
        offloads[size] = offloads[i];
        deadlinesNs[size] = deadlinesNs[i];
        size++;
    }
}
