package io.gatun.ha.health;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Something that is asked again and again. Its state is the monitor's; its thread reads only pace and verdict. */
final class Probe {
    private final ProbeTarget target;
    private final HealthState state;
    private final Delays delays = new Delays();
    private String reason = "";
    private boolean asked;
    private long fellNs;
    private Thread asker;

    private volatile ProbePace pace;
    private volatile boolean up = true;

    Probe(ProbeTarget target, ProbePace pace, long nowNs) {
        this.target = target;
        this.pace = pace;
        this.state = new HealthState(pace, nowNs);
    }

    ProbeTarget target() {
        return target;
    }

    boolean up() {
        return state.up();
    }

    String reason() {
        return reason;
    }

    /** How long it was down, when it has just come up. */
    long downMs(long nowNs) {
        return TimeUnit.NANOSECONDS.toMillis(nowNs - fellNs);
    }

    void start(Runnable asking) {
        asker = Thread.ofVirtual().name("probe " + target).start(asking);
    }

    void stop() {
        if (asker != null) {
            asker.interrupt();
        }
    }

    void follow(ProbePace wanted) {
        if (!wanted.equals(pace)) {
            state.pace(wanted);
            pace = wanted;
            wake();
        }
    }

    /** Takes an outcome. @return whether the verdict has changed */
    boolean on(Outcome outcome, long nowNs) {
        asked = true;
        reason = outcome.reason();
        if (outcome.well() && outcome.delayNs() > 0) {
            delays.add(outcome.delayNs());
        }
        boolean changed = state.on(outcome.well(), nowNs);
        if (changed) {
            up = state.up();
            fellNs = up ? fellNs : nowNs;
            wake();
        }
        return changed;
    }

    ProbeSnapshot snapshot() {
        return new ProbeSnapshot(
                target,
                state.pace(),
                state.up(),
                asked,
                reason,
                state.flaps(),
                delays.any(),
                delays.minNs(),
                delays.avgNs(),
                delays.maxNs());
    }

    long timeoutMs() {
        return pace.timeoutMs();
    }

    /** Of the asking thread: waits until it is time for the next question. Pace and verdict may change meanwhile. */
    void awaitNext(long askedNs) throws InterruptedException {
        while (true) {
            long leftNs = askedNs + pace.intervalNs(up) - System.nanoTime();
            if (leftNs <= 0) {
                return;
            }
            LockSupport.parkNanos(this, leftNs);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private void wake() {
        LockSupport.unpark(asker);
    }
}
