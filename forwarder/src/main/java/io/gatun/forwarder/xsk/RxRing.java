package io.gatun.forwarder.xsk;

import io.gatun.forwarder.sys.Libc;

/** Received frames. We consume. */
final class RxRing extends Ring {
    private int consumer;
    private int cachedProducer;

    RxRing(Libc libc, int fd, Offsets offsets, int size) {
        super(libc, fd, offsets, size, Xdp.DESCRIPTOR_LENGTH, Xdp.PGOFF_RX_RING, "rx ring");
    }

    /** Frames that can be read now, at most {@code wanted}. */
    int peek(int wanted) {
        int available = cachedProducer - consumer;
        if (available < wanted) {
            cachedProducer = buffer.getIntAcquire(producerOffset);
            available = cachedProducer - consumer;
        }
        return Math.min(available, wanted);
    }

    int frameOffset(int i) {
        return (int) buffer.getLong(descriptorsOffset + ((consumer + i) & mask) * Xdp.DESCRIPTOR_LENGTH);
    }

    int frameLength(int i) {
        return buffer.getInt(descriptorsOffset + ((consumer + i) & mask) * Xdp.DESCRIPTOR_LENGTH + Long.BYTES);
    }

    void release(int count) {
        consumer += count;
        buffer.putIntRelease(consumerOffset, consumer);
    }

    boolean isEmpty() {
        return buffer.getIntAcquire(producerOffset) == consumer;
    }
}
