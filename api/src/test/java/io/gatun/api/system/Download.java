package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.Host;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A download that stops reading after its first megabyte until it is told to go on: in between it is surely running. */
final class Download implements AutoCloseable {
    private static final long FIRST_PART = 1_000_000;
    private static final long PATIENCE_S = 120;

    private final CountDownLatch halfWay = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final FutureTask<String> task;
    private volatile Http http;

    private Download(String address, int port, long length) {
        task = new FutureTask<>(() -> run(address, port, length));
    }

    /** Starts it, and returns when the first part has come. */
    static Download start(Host host, String address, int port, long length) throws Exception {
        Download download = new Download(address, port, length);
        host.threads().newThread(download.task).start();
        if (!download.halfWay.await(PATIENCE_S, TimeUnit.SECONDS)) {
            download.close();
            throw new AssertionError("no download began at " + address + ":" + port);
        }
        if (download.task.isDone()) {
            download.digest(); // throws what went wrong
        }
        return download;
    }

    /** The server's name. */
    String server() {
        return http.header("server-name");
    }

    int localPort() {
        return http.localPort();
    }

    void goOn() {
        goOn.countDown();
    }

    /** Waits for the end. @return SHA-256 of what came */
    String digest() throws Exception {
        goOn();
        try {
            return task.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    @Override
    public void close() throws IOException {
        goOn();
        if (http != null) {
            http.close();
        }
    }

    private String run(String address, int port, long length) throws Exception {
        try {
            http = Http.open(address, port);
            http.request("GET", "/bytes/" + length, 0);
            assertEquals(200, http.head());
            MessageDigest digest = Http.sha256();
            http.read(digest, FIRST_PART);
            halfWay.countDown();
            assertTrue(goOn.await(PATIENCE_S, TimeUnit.SECONDS));
            http.read(digest, length - FIRST_PART);
            return Http.hex(digest);
        } finally {
            halfWay.countDown();
        }
    }
}
