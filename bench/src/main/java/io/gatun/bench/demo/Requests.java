package io.gatun.bench.demo;

import io.gatun.lab.Host;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** HTTP requests without a pause, a connection each, from another thread of a host. */
final class Requests implements AutoCloseable {
    private static final int TIMEOUT_MS = 50;
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: demo\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String STATUS_200 = "HTTP/1.1 200";

    private final InetSocketAddress vip;
    private final FutureTask<Void> task = new FutureTask<>(this::ask);
    private int answered;
    private long lastNs;
    private long gapNs;
    private boolean ended;

    private Requests(InetSocketAddress vip) {
        this.vip = vip;
    }

    static Requests start(Host host, String vip, int port) {
        Requests requests = new Requests(new InetSocketAddress(InetAddress.ofLiteral(vip), port));
        host.threads().newThread(requests.task).start();
        return requests;
    }

    /** Waits for so many more answers. */
    synchronized void await(int more, long patienceMs) throws InterruptedException, TimeoutException {
        int wanted = answered + more;
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMs);
        while (answered < wanted) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
            if (leftMs <= 0) {
                throw new TimeoutException(answered + " answers, waited " + patienceMs + " ms for " + wanted);
            }
            wait(leftMs);
        }
    }

    synchronized int answered() {
        return answered;
    }

    /** The longest time from one answer to the next. */
    synchronized long gapNs() {
        return gapNs;
    }

    private Void ask() {
        while (true) {
            boolean right = askOnce();
            synchronized (this) {
                if (ended) {
                    return null;
                }
                if (right) {
                    count(System.nanoTime());
                }
            }
        }
    }

    private void count(long nowNs) {
        if (answered > 0) {
            gapNs = Math.max(gapNs, nowNs - lastNs);
        }
        lastNs = nowNs;
        answered++;
        notifyAll();
    }

    /** One that is not answered in time is given up for the next, as an impatient user would do. */
    private boolean askOnce() {
        try (Socket socket = new Socket()) {
            socket.connect(vip, TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream().write(REQUEST);
            byte[] head = socket.getInputStream().readNBytes(STATUS_200.length());
            return new String(head, StandardCharsets.US_ASCII).equals(STATUS_200);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            ended = true;
        }
        try {
            task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the requests ended before their time", e);
        }
    }
}
