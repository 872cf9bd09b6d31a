package io.gatun.api.events;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** One who follows the events: a bounded queue, and the thread that writes it out. */
public final class Subscription implements AutoCloseable {
    /** Bytes that may wait for somebody who is slow, after the greeting. */
    static final int QUEUED_BYTES_MAX = 256 << 10;

    private static final long HEARTBEAT_S = 10;
    private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private final EventLog log;
    private final byte[] greeting;
    private final BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger queuedBytes = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private Thread writer;
    private volatile boolean ended;

    /** @param greeting what is written first */
    Subscription(EventLog log, byte[] greeting) {
        this.log = log;
        this.greeting = greeting;
    }

    /**
     * Writes events until the subscription ends; a comment every ten seconds in which there are none.
     *
     * @throws IOException when the reader is gone, or was so slow that it is cut off in the middle of an event
     */
    public void copyTo(OutputStream out) throws IOException {
        begin();
        try {
            out.write(greeting);
            out.flush();
            while (!ended) {
                byte[] frame = queue.poll(HEARTBEAT_S, TimeUnit.SECONDS);
                out.write(frame == null ? HEARTBEAT : frame);
                queuedBytes.addAndGet(frame == null ? 0 : -frame.length);
                if (queue.isEmpty()) {
                    out.flush();
                }
            }
        } catch (InterruptedException e) {
            ended = true; // by end(), or by who stops the server
        } finally {
            finish();
        }
    }

    /** Whether it was taken; otherwise the subscription has ended. */
    boolean offer(byte[] frame) {
        if (ended) {
            return false;
        }
        if (queuedBytes.addAndGet(frame.length) > QUEUED_BYTES_MAX) {
            end();
            return false;
        }
        queue.add(frame);
        return true;
    }

    /** Forgets what waits, and wakes the writer from wherever it waits. */
    void end() {
        ended = true;
        queue.clear();
        lock.lock();
        try {
            if (writer != null) {
                writer.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        log.leave(this);
    }

    private void begin() {
        lock.lock();
        try {
            writer = Thread.currentThread();
        } finally {
            lock.unlock();
        }
    }

    /** From here on nobody interrupts this thread for our sake. */
    private void finish() {
        lock.lock();
        try {
            writer = null;
            if (Thread.interrupted()) {
                ended = true;
            }
        } finally {
            lock.unlock();
        }
    }
}
