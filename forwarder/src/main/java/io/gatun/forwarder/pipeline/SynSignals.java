package io.gatun.forwarder.pipeline;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How the endpoints of one service answer those who want to connect, by the identities that flows carry. Outlives a change
 * of the service. All agents add, without a lock; the conductor adds what expired, and reads.
 */
public final class SynSignals {
    private static final int IDS = 256;

    private final AtomicIntegerArray refused = new AtomicIntegerArray(IDS);
    private final AtomicIntegerArray unreachable = new AtomicIntegerArray(IDS);
    private final AtomicIntegerArray unanswered = new AtomicIntegerArray(IDS);
    private final AtomicIntegerArray lastAnswer = new AtomicIntegerArray(IDS);

    /** A SYN was answered by RST, an INIT by ABORT. */
    void addRefused(int endpointId) {
        refused.getAndIncrement(endpointId);
    }

    /** A SYN was answered by an ICMP error. */
    void addUnreachable(int endpointId) {
        unreachable.getAndIncrement(endpointId);
    }

    /** A connection was accepted: one write in a tick, so that agents do not fight over the line. */
    void answered(int endpointId, int nowTick) {
        if (lastAnswer.getPlain(endpointId) != nowTick) {
            lastAnswer.setOpaque(endpointId, nowTick);
        }
    }

    /** A SYN was forgotten without an answer. */
    public void addUnanswered(int endpointId) {
        unanswered.getAndIncrement(endpointId);
    }

    /** The endpoint has gone; the next one of this identity begins with nothing. */
    public void forget(int endpointId) {
        refused.set(endpointId, 0);
        unreachable.set(endpointId, 0);
        unanswered.set(endpointId, 0);
    }

    public long refused(int endpointId) {
        return Integer.toUnsignedLong(refused.get(endpointId));
    }

    public long unreachable(int endpointId) {
        return Integer.toUnsignedLong(unreachable.get(endpointId));
    }

    public long unanswered(int endpointId) {
        return Integer.toUnsignedLong(unanswered.get(endpointId));
    }

    /** The tick of the last connection that was accepted, or of none yet. */
    public int lastAnswer(int endpointId) {
        return lastAnswer.getOpaque(endpointId);
    }
}
