package io.gatun.ha.bfd;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** One number per {@link BfdVerdict}, and what was sent: written by the agent only, read from any thread. */
final class BfdCounters {
    private final Map<BfdVerdict, AtomicLong> verdicts = new EnumMap<>(BfdVerdict.class);
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong sendFailed = new AtomicLong();

    BfdCounters() {
        for (BfdVerdict verdict : BfdVerdict.values()) {
            verdicts.put(verdict, new AtomicLong());
        }
    }

    void received(BfdVerdict verdict) {
        increment(verdicts.get(verdict));
    }

    void sent() {
        increment(sent);
    }

    void sendFailed() {
        increment(sendFailed);
    }

    /** By label, {@code bfd_accepted} and the like. */
    Map<String, Long> snapshot() {
        Map<String, Long> snapshot = new LinkedHashMap<>();
        verdicts.forEach((verdict, value) -> snapshot.put("bfd_" + verdict.label(), value.getAcquire()));
        snapshot.put("bfd_sent", sent.getAcquire());
        snapshot.put("bfd_send_failed", sendFailed.getAcquire());
        return snapshot;
    }

    private static void increment(AtomicLong value) {
        value.setRelease(value.getPlain() + 1);
    }
}
