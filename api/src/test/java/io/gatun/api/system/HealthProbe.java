package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.lab.Host;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Asks the health path of a node every two milliseconds, each time over a connection that stays, and measures. */
final class HealthProbe implements AutoCloseable {
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int SAMPLES_MAX = 1 << 20;
    private static final double NS_PER_MS = 1e6;

    private final FutureTask<long[]> asking = new FutureTask<>(this::ask);
    private volatile boolean ended;

    private HealthProbe() {}

    /** Begins, on a thread of the node's own host. */
    static HealthProbe start(Host host) {
        HealthProbe probe = new HealthProbe();
        host.threads().newThread(probe.asking).start();
        return probe;
    }

    /** Ends, and tells how long answers took; all of them were 200. */
    String end() throws Exception {
        ended = true;
        long[] sorted = asking.get();
        Arrays.sort(sorted);
        return "%d answers, ms: median %.2f, 99.9th percentile %.2f, longest %.2f"
                .formatted(
                        sorted.length,
                        sorted[sorted.length / 2] / NS_PER_MS,
                        sorted[Math.min(sorted.length - 1, sorted.length * 999 / 1_000)] / NS_PER_MS,
                        sorted[sorted.length - 1] / NS_PER_MS);
    }

    private long[] ask() throws IOException {
        long[] samples = new long[SAMPLES_MAX];
        int count = 0;
        try (Http http = Http.open("127.0.0.1", 11_111)) {
            do {
                long start = System.nanoTime();
                http.request("GET", "/netlox/v1", 0);
                assertEquals(200, http.answer().status());
                samples[count++] = System.nanoTime() - start;
                LockSupport.parkNanos(PAUSE_NS);
            } while (!ended && count < SAMPLES_MAX);
        }
        return Arrays.copyOf(samples, count);
    }

    @Override
    public void close() {
        ended = true;
    }
}
