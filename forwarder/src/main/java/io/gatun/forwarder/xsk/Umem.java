package io.gatun.forwarder.xsk;

import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.Memory;
import io.gatun.forwarder.sys.SysException;
import org.agrona.concurrent.UnsafeBuffer;

/** The frames: one anonymous mapping, a stack of the offsets of free ones. */
final class Umem implements AutoCloseable {
    private final Libc libc;
    private final long address;
    private final long length;
    private final UnsafeBuffer buffer;
    private final int frameMask;
    private final int[] free;
    private int freeCount;

    Umem(Libc libc, int frames, int frameSize) {
        this.libc = libc;
        this.length = (long) frames * frameSize;
        if (length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "umem of " + frames + " frames of " + frameSize + " bytes exceeds 2 GiB, lower umem.frames");
        }
        this.address = SysException.check(
                libc.mmap(
                        0,
                        length,
                        Xdp.PROT_READ | Xdp.PROT_WRITE,
                        Xdp.MAP_PRIVATE | Xdp.MAP_ANONYMOUS | Xdp.MAP_POPULATE,
                        -1,
                        0),
                "mmap(UMEM of " + length + " bytes)");
        this.buffer = new UnsafeBuffer(Memory.view(address, (int) length));
        this.frameMask = -frameSize;
        this.free = new int[frames];
        for (int i = 0; i < frames; i++) {
            free[i] = (frames - 1 - i) * frameSize;
        }
        this.freeCount = frames;
    }

    long address() {
        return address;
    }

    long length() {
        return length;
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    int frames() {
        return free.length;
    }

    int freeCount() {
        return freeCount;
    }

    /** The start of a free frame; {@link #freeCount} must not be 0. */
    int take() {
        return free[--freeCount];
    }

    /** Takes back the frame that contains this offset. */
    void give(int offset) {
        free[freeCount++] = offset & frameMask;
    }

    @Override
    public void close() {
        libc.munmap(address, length);
    }
}
