package io.gatun.api.events;

import io.gatun.api.model.ApiException;
import io.gatun.api.model.Json;
import io.gatun.api.model.NodeEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The last events, in the form in which they are sent (HTML standard, section 9.2: server-sent events), and who follows
 * them. Safe for use by many threads; nobody waits for a subscriber.
 */
public final class EventLog implements AutoCloseable {
    /** Subscribers at a time. */
    public static final int SUBSCRIBERS_MAX = 32;
    /** What to give as the last id for all that is kept. */
    public static final String ALL_KEPT = "0";

    static final int KEPT_MAX = 1_000;
    static final int KEPT_BYTES_MAX = 1 << 20;

    private static final int RETRY_MS = 1_000;
    private static final int RADIX = 36;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Frame> kept = new ArrayDeque<>();
    private final List<Subscription> subscriptions = new ArrayList<>();
    /** Ids of another process are told from ours by this. */
    private final String run;

    private long lastNumber;
    private int keptBytes;
    private boolean closed;

    private static final class Frame {
        private final long number;
        private final byte[] bytes;

        private Frame(long number, byte[] bytes) {
            this.number = number;
            this.bytes = bytes;
        }
    }

    /** One whose ids begin with the time in milliseconds. */
    public EventLog() {
        this(Long.toString(Instant.now().toEpochMilli(), RADIX));
    }

    EventLog(String run) {
        this.run = run;
    }

    /** Keeps an event and sends it to everybody. */
    public void publish(NodeEvent event) {
        byte[] data = Json.bytes(new NodeEvent.Timed(Instant.now().toString(), event));
        lock.lock();
        try {
            Frame frame = new Frame(++lastNumber, frame(id(lastNumber), event.type(), data));
            kept.add(frame);
            keptBytes += frame.bytes.length;
            while (kept.size() > KEPT_MAX || keptBytes > KEPT_BYTES_MAX) {
                keptBytes -= kept.remove().bytes.length;
            }
            send(frame.bytes);
        } finally {
            lock.unlock();
        }
    }

    /** Sends what is of interest only now: without an id, and never again. */
    public void broadcast(String type, Object data) {
        byte[] frame = frame(null, type, Json.bytes(data));
        lock.lock();
        try {
            send(frame);
        } finally {
            lock.unlock();
        }
    }

    /** Whether anybody listens. */
    public boolean isHeard() {
        lock.lock();
        try {
            return !subscriptions.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins with what came after an event.
     *
     * @param lastId the last one that the subscriber has; empty for none, {@link #ALL_KEPT} for all that is kept
     * @throws ApiException 503 when there are too many, or this ends
     */
    public Subscription subscribe(String lastId) {
        lock.lock();
        try {
            if (closed || subscriptions.size() >= SUBSCRIBERS_MAX) {
                throw new ApiException(
                        503,
                        closed
                                ? "this node stops, ask another one"
                                : "capacity error: " + SUBSCRIBERS_MAX + " subscribers listen already, close one");
            }
            Subscription subscription = new Subscription(this, greeting(lastId));
            subscriptions.add(subscription);
            return subscription;
        } finally {
            lock.unlock();
        }
    }

    void leave(Subscription subscription) {
        lock.lock();
        try {
            subscriptions.remove(subscription);
        } finally {
            lock.unlock();
        }
    }

    /** Ends all subscriptions, and takes no more. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            subscriptions.forEach(Subscription::end);
        } finally {
            lock.unlock();
        }
    }

    private void send(byte[] frame) {
        subscriptions.removeIf(subscription -> !subscription.offer(frame));
    }

    /** The delay of a reconnection, what was missed, and the id to begin with the next time. */
    private byte[] greeting(String lastId) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(bytes("retry: " + RETRY_MS + "\n\n"));
        if (!lastId.isEmpty()) {
            long after = lastId.equals(ALL_KEPT) ? 0 : number(lastId);
            long oldest = kept.isEmpty() ? lastNumber + 1 : kept.peek().number;
            boolean missed = !lastId.equals(ALL_KEPT) && (after < oldest - 1 || after > lastNumber);
            if (missed) {
                out.writeBytes(bytes("event: reset\ndata: {}\n\n"));
            }
            for (Frame frame : kept) {
                if (missed || frame.number > after) {
                    out.writeBytes(frame.bytes);
                }
            }
        }
        out.writeBytes(bytes("id: " + id(lastNumber) + "\n\n"));
        return out.toByteArray();
    }

    private String id(long number) {
        return run + "-" + number;
    }

    /** @return -1 when the id is none of ours */
    private long number(String id) {
        int dash = id.indexOf('-');
        if (dash < 0 || !id.substring(0, dash).equals(run)) {
            return -1;
        }
        try {
            return Long.parseLong(id, dash + 1, id.length(), 10);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** JSON has no line breaks, so one line of data does. */
    private static byte[] frame(String id, String type, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + 64);
        if (id != null) {
            out.writeBytes(bytes("id: " + id + "\n"));
        }
        out.writeBytes(bytes("event: " + type + "\ndata: "));
        out.writeBytes(data);
        out.writeBytes(bytes("\n\n"));
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
