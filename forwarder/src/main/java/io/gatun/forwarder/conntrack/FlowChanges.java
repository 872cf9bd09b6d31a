package io.gatun.forwarder.conntrack;

import java.util.concurrent.atomic.AtomicLong;
import org.agrona.BufferUtil;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Which flows one thread has changed, for one reader: notices of slot id and sequence in a ring. Its writer never waits
 * and allocates nothing; a notice for which there is no room is counted and lost.
 */
public final class FlowChanges {
    /** Nobody wants to know. */
    public static final FlowChanges NONE = new FlowChanges(null);

    /** Type of a notice: a flow is new, or has another state. */
    static final int CHANGED = 1;

    /** Type of a notice: a flow is removed; its slot still has its contents, but not for long. */
    static final int REMOVED = 2;

    static final int SEQUENCE_OFFSET = Integer.BYTES;
    private static final int NOTICE_LENGTH = 2 * Integer.BYTES;
    /** Of the ring, with its header. */
    private static final int NOTICE_ALIGNED_LENGTH = 16;

    private static final int RING_LENGTH = 1 << 20;

    private final RingBuffer ring;
    private final AtomicLong lost = new AtomicLong();

    private FlowChanges(RingBuffer ring) {
        this.ring = ring;
    }

    /** For 65,535 notices between two readings. */
    static FlowChanges create() {
        int length = RING_LENGTH + RingBufferDescriptor.TRAILER_LENGTH;
        return new FlowChanges(
                new OneToOneRingBuffer(new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, 2 * 64))));
    }

    /** A flow is new, or has another state; with the client's direction of it. */
    public void changed(long slotId, int sequence) {
        if (ring != null) {
            write(CHANGED, slotId, sequence);
        }
    }

    /** A flow has just been removed. */
    public void removed(long slotId, int sequence) {
        if (ring != null) {
            write(REMOVED, slotId, sequence);
        }
    }

    private void write(int type, long slotId, int sequence) {
        int index = ring.tryClaim(type, NOTICE_LENGTH);
        if (index < 0) {
            lost.setRelease(lost.getPlain() + 1);
            return;
        }
        ring.buffer().putInt(index, (int) slotId);
        ring.buffer().putInt(index + SEQUENCE_OFFSET, sequence);
        ring.commit(index);
    }

    int read(MessageHandler handler, int limit) {
        return ring.read(handler, limit);
    }

    /** Notices that wait. */
    int waiting() {
        return ring.size() / NOTICE_ALIGNED_LENGTH;
    }

    /** Notices for which there was no room, since the beginning. */
    long lost() {
        return lost.getAcquire();
    }
}
