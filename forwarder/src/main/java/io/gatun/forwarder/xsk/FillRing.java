package io.gatun.forwarder.xsk;

import io.gatun.forwarder.sys.Libc;

/** Frames that we lend to the kernel to receive into. We produce. */
final class FillRing extends Ring {
    private int producer;
    private int cachedConsumer;

    FillRing(Libc libc, int fd, Offsets offsets, int size) {
        super(libc, fd, offsets, size, Long.BYTES, Xdp.PGOFF_FILL_RING, "fill ring");
    }

    /** Frames that can be submitted now, at most {@code wanted}. */
    int reserve(int wanted) {
        int free = size - (producer - cachedConsumer);
        if (free < wanted) {
            cachedConsumer = buffer.getIntAcquire(consumerOffset);
            free = size - (producer - cachedConsumer);
        }
        return Math.min(free, wanted);
    }

    /** Writes the {@code i}th of the reserved frames. */
    void write(int i, int frameOffset) {
        buffer.putLong(descriptorsOffset + (((producer + i) & mask) << 3), frameOffset);
    }

    void submit(int count) {
        producer += count;
        buffer.putIntRelease(producerOffset, producer);
    }

    /** Frames in the kernel's hands, as of the last look at its index. */
    int outstanding() {
        cachedConsumer = buffer.getIntAcquire(consumerOffset);
        return producer - cachedConsumer;
    }
}
