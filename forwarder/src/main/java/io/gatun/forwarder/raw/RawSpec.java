package io.gatun.forwarder.raw;

import io.gatun.forwarder.frame.FrameBatch;

/**
 * What a raw port is made of.
 *
 * @param interfaceName for messages
 * @param interfaceIndex ifindex
 * @param frames chunks of {@link ChunkPool#CHUNK_BYTES}; room for a batch and for what the pipeline holds
 * @param receiveBufferBytes what may wait in the kernel, in its own accounting: a super-frame counts about 100 kB, a
 *     small frame 768 bytes
 * @param filter which frames are ours
 */
public record RawSpec(
        String interfaceName, int interfaceIndex, int frames, int receiveBufferBytes, SocketFilter filter) {
    /** A batch to receive into, a batch in the pipeline. */
    private static final int FRAMES_MIN = 2 * FrameBatch.CAPACITY;

    public RawSpec {
        if (frames < FRAMES_MIN || frames > ChunkPool.CHUNKS_MAX) {
            throw new IllegalArgumentException(
                    "raw.frames=" + frames + ", must be " + FRAMES_MIN + "-" + ChunkPool.CHUNKS_MAX);
        }
        if (receiveBufferBytes < ChunkPool.CHUNK_BYTES) {
            throw new IllegalArgumentException("raw.receiveBufferBytes=" + receiveBufferBytes
                    + " has no room for a super-frame, must be at least " + ChunkPool.CHUNK_BYTES);
        }
    }

    /** 512 frames; 8 MiB in the kernel, which are about 80 super-frames or 10,000 small ones. */
    public static RawSpec of(String interfaceName, int interfaceIndex, SocketFilter filter) {
        return new RawSpec(interfaceName, interfaceIndex, 512, 8 << 20, filter);
    }

    @Override
    public String toString() {
        return interfaceName + " (ifindex " + interfaceIndex + ")";
    }
}
