package io.gatun.api.daemon;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From the start to the exit code. The JVM ends a process that got SIGTERM with 143; we were asked to stop and did, so
 * the shutdown hook halts with 0 itself once everything is down.
 */
public final class Lifetime {
    private static final Logger LOG = LoggerFactory.getLogger(Lifetime.class);
    private static final int ASKED_TO_STOP = 0;
    private static final int FAILED = 1;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(15);

    private final CountDownLatch failure = new CountDownLatch(1);
    /** Held while the daemon starts: a signal in the middle of it waits until there is something whole to stop. */
    private final ReentrantLock starting = new ReentrantLock();

    private Daemon daemon;
    private volatile int exitCode = ASKED_TO_STOP;

    /** Forwarding has ended by itself. */
    public void fail(Throwable cause) {
        LOG.error("forwarding has failed", cause);
        exitCode = FAILED;
        failure.countDown();
    }

    /** Starts a daemon that is closed whenever this process ends, and reads its settings again at SIGHUP. */
    public Daemon start(Supplier<Daemon> starter) {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        starting.lock();
        try {
            daemon = starter.get();
            Hangup.handle(daemon::reload);
            return daemon;
        } finally {
            starting.unlock();
        }
    }

    /** Returns when {@link #fail} was called; otherwise the end of the process comes first. */
    public void await() {
        try {
            failure.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop() {
        Daemon started = started();
        if (started == null) {
            return; // The start failed, and whoever ended the process has said with which code.
        }
        if (!closed(started)) {
            LOG.error("not stopped after {} seconds, gatun detach cleans up", STOP_TIMEOUT.toSeconds());
            exitCode = FAILED;
        }
        LOG.info("stopped");
        Runtime.getRuntime().halt(exitCode);
    }

    private Daemon started() {
        starting.lock();
        try {
            return daemon;
        } finally {
            starting.unlock();
        }
    }

    private static boolean closed(Daemon daemon) {
        try {
            return Thread.ofPlatform()
                    .daemon()
                    .name("close")
                    .start(daemon::close)
                    .join(STOP_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
