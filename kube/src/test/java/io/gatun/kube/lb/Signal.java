package io.gatun.kube.lb;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Lets a test wait until what it looks at, which announces its changes here, is as it should be. */
final class Signal {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition raised = lock.newCondition();

    void raise() {
        lock.lock();
        try {
            raised.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when it is so, or fails with what is said then. */
    void await(BooleanSupplier so, Supplier<Object> otherwise) throws InterruptedException {
        await(PATIENCE, so, otherwise);
    }

    void await(Duration patience, BooleanSupplier so, Supplier<Object> otherwise) throws InterruptedException {
        long endNs = System.nanoTime() + patience.toNanos();
        while (!so.getAsBoolean()) {
            if (System.nanoTime() - endNs > 0) {
                fail(String.valueOf(otherwise.get()));
            }
            lock.lock();
            try {
                // Not everything that is looked at announces itself.
                if (raised.awaitNanos(LOOK_NS) > LOOK_NS) {
                    throw new AssertionError("time runs backwards");
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
