package io.gatun.forwarder.agent;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;

/** What the conductor does when nothing waits: it sleeps, and comes at once when it is called. */
final class ConductorIdle implements IdleStrategy {
    private static final long SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private volatile Thread sleeper;

    /** There is work. Any thread; of a call before the sleep the sleep ends as soon as it begins. */
    void wake() {
        LockSupport.unpark(sleeper);
    }

    @Override
    public void idle(int workCount) {
        if (workCount <= 0) {
            idle();
        }
    }

    @Override
    public void idle() {
        if (sleeper == null) {
            sleeper = Thread.currentThread();
        }
        LockSupport.parkNanos(SLEEP_NS);
    }

    @Override
    public void reset() {
        // Nothing is remembered.
    }

    @Override
    public String alias() {
        return "conductor";
    }
}
