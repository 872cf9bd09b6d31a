package io.gatun.bench.cases;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Lets time pass: a measuring window is time itself, there is no event to wait for. */
public final class Windows {
    private Windows() {}

    /** Returns when this time is over. */
    public static void pass(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = deadline - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
