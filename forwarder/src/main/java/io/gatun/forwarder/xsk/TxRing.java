package io.gatun.forwarder.xsk;

import io.gatun.forwarder.sys.Libc;

/** Frames that the kernel shall send. We produce. */
final class TxRing extends Ring {
    private int producer;
    private int reserved;

    TxRing(Libc libc, int fd, Offsets offsets, int size) {
        super(libc, fd, offsets, size, Xdp.DESCRIPTOR_LENGTH, Xdp.PGOFF_TX_RING, "tx ring");
    }

    /** Descriptors that can be written now. */
    int free() {
        return size - (producer + reserved - buffer.getIntAcquire(consumerOffset));
    }

    /** Writes the next descriptor; {@link #free} has said that there is one. */
    void write(int frameOffset, int frameLength) {
        int index = descriptorsOffset + ((producer + reserved) & mask) * Xdp.DESCRIPTOR_LENGTH;
        buffer.putLong(index, frameOffset);
        buffer.putInt(index + Long.BYTES, frameLength);
        buffer.putInt(index + Long.BYTES + Integer.BYTES, 0);
        reserved++;
    }

    /**
     * Publishes what was written.
     *
     * @return descriptors published
     */
    int submit() {
        int count = reserved;
        producer += count;
        reserved = 0;
        buffer.putIntRelease(producerOffset, producer);
        return count;
    }

    /** Descriptors published since the ring was made, modulo 2^32. Any thread. */
    int submitted() {
        return buffer.getIntVolatile(producerOffset);
    }

    /** Descriptors that the kernel has not taken yet. */
    int pending() {
        return producer - buffer.getIntAcquire(consumerOffset);
    }
}
