package io.gatun.forwarder.sys;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Off-heap bytes that system calls read and write, as direct buffers with an address. */
public final class Memory {
    private Memory() {}

    /** Zeroed bytes in host byte order, freed when the buffer is unreachable. */
    public static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /**
     * A direct buffer, in host byte order, over memory that someone else owns: a mapping. It frees nothing, and must not be
     * touched after the owner has unmapped.
     *
     * @param address of byte 0
     */
    @SuppressWarnings("restricted") // the caller vouches for the mapping
    public static ByteBuffer view(long address, int length) {
        return MemorySegment.ofAddress(address)
                .reinterpret(length)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
    }

    /**
     * Address of a direct buffer's byte 0, whatever its position. It is valid while the buffer is reachable, so the
     * caller keeps the buffer in a field or fences it.
     */
    public static long address(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("buffer=" + buffer + " is on the heap, use ByteBuffer.allocateDirect");
        }
        return MemorySegment.ofBuffer(buffer).address() - buffer.position();
    }
}
