package io.gatun.forwarder.pipeline;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A packet as an agent saw it and as it left, native byte order.
 *
 * <pre>
 *   0        4        8          12        16       20        24
 *  +--------+--------+----------+---------+--------+---------+----
 *  |reason  |flow    |length    |out      |before  |after    | agent's number, bytes before, bytes after
 *  +--------+--------+----------+---------+--------+---------+----
 * </pre>
 */
public final class TraceRecord {
    /** Bytes of a frame that are kept. */
    public static final int FRAME_MAX = 256;

    /** {@link #reason}: forwarded or answered. */
    public static final int NO_REASON = -1;

    /** {@link #flow}: the packet belongs to no connection. */
    public static final int NO_FLOW = 0;
    /** {@link #flow}: it belongs to one that was there. */
    public static final int KNOWN_FLOW = 1;
    /** {@link #flow}: it opened one. */
    public static final int NEW_FLOW = 2;

    static final int LENGTH_MAX = 32 + 2 * FRAME_MAX;

    private static final int REASON = 0;
    private static final int FLOW = 4;
    private static final int LENGTH = 8;
    private static final int LENGTH_AFTER = 12;
    private static final int BEFORE = 16;
    private static final int AFTER = 20;
    private static final int AGENT = 24;
    private static final int BYTES = 32;

    private MutableDirectBuffer buffer;
    private int offset;

    TraceRecord wrap(MutableDirectBuffer from, int index) {
        buffer = from;
        offset = index;
        return this;
    }

    /** Notes a frame as it arrived. */
    void before(UnsafeBuffer memory, int frameOffset, int length, int agent) {
        int kept = Math.min(length, FRAME_MAX);
        buffer.putInt(offset + LENGTH, length);
        buffer.putInt(offset + BEFORE, kept);
        buffer.putInt(offset + AGENT, agent);
        buffer.putBytes(offset + BYTES, memory, frameOffset, kept);
    }

    /** Notes what became of it. @return bytes of the record */
    int after(UnsafeBuffer memory, int frameOffset, int length, int reason, int flow) {
        int kept = Math.min(length, FRAME_MAX);
        buffer.putInt(offset + REASON, reason);
        buffer.putInt(offset + FLOW, flow);
        buffer.putInt(offset + LENGTH_AFTER, length);
        buffer.putInt(offset + AFTER, kept);
        int at = offset + BYTES + buffer.getInt(offset + BEFORE);
        buffer.putBytes(at, memory, frameOffset, kept);
        return at + kept - offset;
    }

    /** Ordinal of the drop reason, or {@link #NO_REASON}. */
    public int reason() {
        return buffer.getInt(offset + REASON);
    }

    public int flow() {
        return buffer.getInt(offset + FLOW);
    }

    /** Bytes of the frame as it arrived. */
    public int length() {
        return buffer.getInt(offset + LENGTH);
    }

    /** Bytes of the frame as it left, 0 when it did not. */
    public int lengthAfter() {
        return buffer.getInt(offset + LENGTH_AFTER);
    }

    /** Number of the agent that saw it. */
    public int agent() {
        return buffer.getInt(offset + AGENT);
    }

    /** Its first bytes as it arrived; a copy. */
    public DirectBuffer before() {
        return copy(offset + BYTES, buffer.getInt(offset + BEFORE));
    }

    /** Its first bytes as it left; a copy. */
    public DirectBuffer after() {
        return copy(offset + BYTES + buffer.getInt(offset + BEFORE), buffer.getInt(offset + AFTER));
    }

    private DirectBuffer copy(int from, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(from, bytes);
        return new UnsafeBuffer(bytes);
    }
}
