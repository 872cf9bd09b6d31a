package io.gatun.api.events;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Follows a subscription on a thread of its own, in frames as they are written; or takes the first and reads no more. */
final class Follower extends OutputStream {
    private static final long PATIENCE_S = 10;

    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final boolean reads;
    private final Thread thread;

    private Follower(Subscription subscription, boolean reads) {
        this.reads = reads;
        this.thread = Thread.ofVirtual().start(() -> {
            try (subscription) {
                subscription.copyTo(this);
            } catch (IOException e) {
                frames.add("cut off");
            }
        });
    }

    static Follower of(Subscription subscription) {
        return new Follower(subscription, true);
    }

    /** One whose connection takes nothing. */
    static Follower stuck(Subscription subscription) throws InterruptedException {
        Follower follower = new Follower(subscription, false);
        assertTrue(follower.stuck.await(PATIENCE_S, TimeUnit.SECONDS));
        return follower;
    }

    String next() throws InterruptedException {
        String frame = frames.poll(PATIENCE_S, TimeUnit.SECONDS);
        assertNotNull(frame, "nothing came");
        return frame;
    }

    void awaitEnd() throws InterruptedException {
        assertTrue(thread.join(Duration.ofSeconds(PATIENCE_S)), "it still follows");
    }

    @Override
    public void write(byte[] frame) throws IOException {
        if (!reads) {
            stuck.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
        }
        frames.add(new String(frame, StandardCharsets.US_ASCII));
    }

    @Override
    public void write(int b) {
        throw new UnsupportedOperationException();
    }
}
