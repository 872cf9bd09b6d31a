package io.gatun.forwarder.pipeline;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Somebody's wish to see packets of an address: agents write what they saw into a ring, the conductor reads it. A packet
 * that finds the ring full is not shown. Records are {@link TraceRecord}s.
 */
public final class Trace {
    static final int RECORD = 1;
    private static final int RING_BYTES = 1 << 20;

    private final long high;
    private final long low;
    private final AtomicInteger wanted;
    private final ManyToOneRingBuffer ring = new ManyToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect(RING_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));

    /**
     * A trace.
     *
     * @param high upper half of the address, 0 for IPv4
     * @param low lower half; of IPv4 the mapped address
     * @param count packets to show
     */
    public Trace(long high, long low, int count) {
        this.high = high;
        this.low = low;
        this.wanted = new AtomicInteger(count);
    }

    /** Receives what was seen. */
    @FunctionalInterface
    public interface Reader {
        /** One packet; the record is valid during the call only. */
        void onPacket(TraceRecord record);
    }

    /** Hands over up to {@code limit} packets. One thread. @return how many */
    public int read(Reader reader, int limit) {
        TraceRecord record = new TraceRecord();
        return ring.read((type, buffer, index, length) -> reader.onPacket(record.wrap(buffer, index)), limit);
    }

    boolean concerns(long aHigh, long aLow) {
        return aHigh == high && aLow == low;
    }

    /** Takes one of the packets to be shown. */
    boolean tryTake() {
        return wanted.get() > 0 && wanted.getAndDecrement() > 0;
    }

    void write(UnsafeBuffer record, int length) {
        ring.write(RECORD, record, 0, length);
    }
}
