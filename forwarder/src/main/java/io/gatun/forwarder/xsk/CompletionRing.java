package io.gatun.forwarder.xsk;

import io.gatun.forwarder.sys.Libc;

/** Frames that the kernel has sent and gives back. We consume. */
final class CompletionRing extends Ring {
    private int consumer;

    CompletionRing(Libc libc, int fd, Offsets offsets, int size) {
        super(libc, fd, offsets, size, Long.BYTES, Xdp.PGOFF_COMPLETION_RING, "completion ring");
    }

    /** Frames that can be read now. */
    int peek() {
        return buffer.getIntAcquire(producerOffset) - consumer;
    }

    /** Frames given back since the ring was made, modulo 2^32. Any thread. */
    int completed() {
        return buffer.getIntVolatile(producerOffset);
    }

    /** The {@code i}th readable frame's offset in the UMEM. */
    int read(int i) {
        return (int) buffer.getLong(descriptorsOffset + (((consumer + i) & mask) << 3));
    }

    void release(int count) {
        consumer += count;
        buffer.putIntRelease(consumerOffset, consumer);
    }
}
