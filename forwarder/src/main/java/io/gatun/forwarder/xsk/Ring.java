package io.gatun.forwarder.xsk;

import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The mapping of one ring: where its indices, its flags and its descriptors are. The four subclasses have only the verbs
 * that make sense for them, so that the wrong one does not compile.
 */
abstract class Ring implements AutoCloseable {
    final UnsafeBuffer buffer;
    final int producerOffset;
    final int consumerOffset;
    final int flagsOffset;
    final int descriptorsOffset;
    final int size;
    final int mask;

    private final Libc libc;
    private final long address;
    private final long length;

    /** One struct xdp_ring_offset: u64 producer, consumer, desc, flags. */
    record Offsets(int producer, int consumer, int descriptors, int flags) {
        static Offsets read(UnsafeBuffer offsets, int ring) {
            int base = ring * 32;
            return new Offsets(
                    (int) offsets.getLong(base),
                    (int) offsets.getLong(base + 8),
                    (int) offsets.getLong(base + 16),
                    (int) offsets.getLong(base + 24));
        }
    }

    Ring(Libc libc, int fd, Offsets offsets, int size, int descriptorLength, long pageOffset, String what) {
        this.libc = libc;
        this.length = offsets.descriptors() + (long) size * descriptorLength;
        this.address = SysException.check(
                libc.mmap(0, length, Xdp.PROT_READ | Xdp.PROT_WRITE, Xdp.MAP_SHARED | Xdp.MAP_POPULATE, fd, pageOffset),
                "mmap(" + what + ")");
        this.buffer = new UnsafeBuffer(address, (int) length);
        this.producerOffset = offsets.producer();
        this.consumerOffset = offsets.consumer();
        this.flagsOffset = offsets.flags();
        this.descriptorsOffset = offsets.descriptors();
        this.size = size;
        this.mask = size - 1;
    }

    final boolean needsWakeup() {
        return (buffer.getIntAcquire(flagsOffset) & Xdp.XDP_RING_NEED_WAKEUP) != 0;
    }

    @Override
    public final void close() {
        libc.munmap(address, length);
    }
}
