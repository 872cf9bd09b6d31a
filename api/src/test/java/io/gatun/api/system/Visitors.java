package io.gatun.api.system;

import io.gatun.lab.Host;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Clients that come and go: some short HTTP connections and questions by UDP at a time, more of them and fewer. */
final class Visitors {
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final double PERIOD_NS = TimeUnit.SECONDS.toNanos(40);
    private static final int TIMEOUT_MS = 200;

    private final Thread thread;
    private volatile boolean closed;

    private Visitors(Host host, String webVip, String udpVip) {
        this.thread = host.threads().newThread(() -> run(webVip, udpVip));
    }

    /** From {@code host} to port 80 of the one and port 53 of the other. */
    static Visitors start(Host host, String webVip, String udpVip) {
        Visitors visitors = new Visitors(host, webVip, udpVip);
        visitors.thread.start();
        return visitors;
    }

    private void run(String webVip, String udpVip) {
        while (!closed) {
            long count = Math.round(3 + 2 * Math.sin(System.nanoTime() / PERIOD_NS * 2 * Math.PI));
            for (int i = 0; i < count && !closed; i++) {
                try {
                    visit(webVip, udpVip, 2_000 * count);
                } catch (IOException e) {
                    // the endpoint has just died
                }
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private static void visit(String webVip, String udpVip, long bytes) throws IOException {
        try (Http http = Http.open(webVip, 80, TIMEOUT_MS)) {
            http.get("/bytes/" + bytes);
        }
        try (Udp udp = Udp.open(udpVip, 53, TIMEOUT_MS)) {
            udp.ask("who");
        }
    }

    void stop() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
