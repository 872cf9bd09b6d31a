package io.gatun.forwarder.raw;

import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.Memory;
import io.gatun.forwarder.sys.SysException;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The frames: one anonymous mapping of equal chunks, a stack of free ones. The one given back last is taken first, for it
 * is in the cache.
 *
 * <pre>
 *   chunk                      246        256                            66,112
 *   +--------------------------+----------+------------------------------+
 *   | headroom                 | virtio   | frame                        |
 *   +--------------------------+----------+------------------------------+
 * </pre>
 */
final class ChunkPool implements AutoCloseable {
    /** Where a received frame starts in its chunk. */
    static final int FRAME_OFFSET = 256;

    /**
     * Ethernet, VLAN, 65,535 bytes of IP behind {@link #FRAME_OFFSET}. An odd number of cache lines: the headers of a
     * batch lie in different sets of the cache.
     */
    static final int CHUNK_BYTES = 1_033 * 64;

    static final int CHUNKS_MAX = Integer.MAX_VALUE / CHUNK_BYTES;

    private final Libc libc;
    private final long address;
    private final long length;
    private final UnsafeBuffer buffer;
    private final int[] free;
    private int freeCount;

    ChunkPool(Libc libc, int chunks) {
        this.libc = libc;
        this.length = (long) chunks * CHUNK_BYTES;
        this.address = SysException.check(
                libc.mmap(
                        0,
                        length,
                        AfPacket.PROT_READ | AfPacket.PROT_WRITE,
                        AfPacket.MAP_PRIVATE | AfPacket.MAP_ANONYMOUS,
                        -1,
                        0),
                "mmap(raw frames of " + length + " bytes)");
        this.buffer = new UnsafeBuffer(Memory.view(address, (int) length));
        this.free = new int[chunks];
        for (int i = 0; i < chunks; i++) {
            free[i] = (chunks - 1 - i) * CHUNK_BYTES;
        }
        this.freeCount = chunks;
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    int freeCount() {
        return freeCount;
    }

    /** The start of a free chunk; {@link #freeCount} must not be 0. */
    int take() {
        return free[--freeCount];
    }

    /** Takes back the chunk that contains this offset. */
    void give(int offset) {
        free[freeCount++] = offset / CHUNK_BYTES * CHUNK_BYTES;
    }

    @Override
    public void close() {
        libc.munmap(address, length);
    }
}
