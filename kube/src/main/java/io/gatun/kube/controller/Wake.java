package io.gatun.kube.controller;

import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes the thread that decides: now, or at a time to come. */
final class Wake {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean due;
    /** When something is to be tried again, by {@link System#nanoTime}; the earliest first. */
    private final PriorityQueue<Long> alarms = new PriorityQueue<>((one, other) -> Long.signum(one - other));

    /** Something changed. */
    void now() {
        lock.lock();
        try {
            due = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Something is to be tried again. */
    void after(long delayNs) {
        long at = System.nanoTime() + delayNs;
        lock.lock();
        try {
            alarms.add(at);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it is woken, or that long. */
    void await(long mostNs) throws InterruptedException {
        long endNs = System.nanoTime() + mostNs;
        lock.lock();
        try {
            while (!due) {
                long nowNs = System.nanoTime();
                while (!alarms.isEmpty() && alarms.peek() - nowNs <= 0) {
                    alarms.remove();
                    due = true;
                }
                long leftNs = alarms.isEmpty() ? endNs - nowNs : Math.min(endNs - nowNs, alarms.peek() - nowNs);
                if (due || endNs - nowNs <= 0) {
                    break;
                }
                changed.await(leftNs, TimeUnit.NANOSECONDS);
            }
            due = false;
        } finally {
            lock.unlock();
        }
    }
}
