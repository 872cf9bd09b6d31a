package io.gatun.bench.micro;

import io.gatun.forwarder.frame.DetachedPort;
import io.gatun.forwarder.frame.FrameBatch;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A port without a kernel: {@link #receive} writes the next 64 frames of the given ones, in turn, into its memory, each
 * into a chunk of its own, as many and as large as an AF_XDP fill ring has them.
 */
public final class MemoryPort extends DetachedPort {
    private static final int CHUNK_BYTES = 2_048;
    private static final int CHUNKS = 2_048;
    private static final int HEADROOM_BYTES = 256;

    private final UnsafeBuffer frames;
    private final int frameBytes;
    private final int frameCount;
    private int nextFrame;
    private int nextChunk;
    private long transmitted;

    /** Frames to receive, all of the same length. */
    public MemoryPort(byte[][] frames) {
        super(CHUNK_BYTES * CHUNKS, HEADROOM_BYTES);
        frameBytes = frames[0].length;
        frameCount = frames.length;
        this.frames = new UnsafeBuffer(ByteBuffer.allocateDirect(frameBytes * frameCount));
        for (int i = 0; i < frameCount; i++) {
            this.frames.putBytes(i * frameBytes, frames[i]);
        }
    }

    /** Frames that got the verdict to be transmitted. */
    public long transmitted() {
        return transmitted;
    }

    @Override
    public int receive(FrameBatch batch) {
        for (int i = 0; i < FrameBatch.CAPACITY; i++) {
            int offset = nextChunk * CHUNK_BYTES + HEADROOM_BYTES;
            memory().putBytes(offset, frames, nextFrame * frameBytes, frameBytes);
            batch.add(offset, frameBytes);
            nextChunk = nextChunk + 1 == CHUNKS ? 0 : nextChunk + 1;
            nextFrame = nextFrame + 1 == frameCount ? 0 : nextFrame + 1;
        }
        return FrameBatch.CAPACITY;
    }

    @Override
    public void complete(FrameBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            if (batch.isTransmit(i)) {
                transmitted++;
            }
        }
        batch.clear();
    }
}
