package io.gatun.ha.vrrp;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What a virtual router saw and did; written by its thread, read by any. */
public final class VrrpCounters {
    private final Map<VrrpVerdict, AtomicLong> verdicts = new EnumMap<>(VrrpVerdict.class);
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong sendFailed = new AtomicLong();
    private final AtomicLong freezes = new AtomicLong();
    private final AtomicLong probes = new AtomicLong();
    private final AtomicLong heldBack = new AtomicLong();

    VrrpCounters() {
        for (VrrpVerdict verdict : VrrpVerdict.values()) {
            verdicts.put(verdict, new AtomicLong());
        }
    }

    /** Frames that were judged so. */
    public long of(VrrpVerdict verdict) {
        return verdicts.get(verdict).get();
    }

    /** Adverts sent, one for each peer. */
    public long sent() {
        return sent.get();
    }

    public long sendFailed() {
        return sendFailed.get();
    }

    /** Times that the thread was away for longer than two intervals. */
    public long freezes() {
        return freezes.get();
    }

    /** Times that an address was asked for before a takeover. */
    public long probes() {
        return probes.get();
    }

    /** Times that an answer to that held a takeover back. */
    public long heldBack() {
        return heldBack.get();
    }

    /** Counts one more. @return how many there are now */
    long count(VrrpVerdict verdict) {
        return verdicts.get(verdict).incrementAndGet();
    }

    void countSent(boolean succeeded) {
        (succeeded ? sent : sendFailed).incrementAndGet();
    }

    void countProbe() {
        probes.incrementAndGet();
    }

    void countHeldBack() {
        heldBack.incrementAndGet();
    }

    void countFreeze() {
        freezes.incrementAndGet();
    }
}
