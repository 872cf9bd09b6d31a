package io.gatun.forwarder.frame;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A port without a kernel, whose frames are made by whoever extends it. No frame is ever held: every neighbour is known. */
public abstract class DetachedPort implements FramePort {
    private final UnsafeBuffer memory;
    private final int headroomBytes;

    /**
     * Allocates the frames' memory.
     *
     * @param bytes of all frames
     * @param headroomBytes before each
     */
    protected DetachedPort(int bytes, int headroomBytes) {
        memory = new UnsafeBuffer(ByteBuffer.allocateDirect(bytes));
        this.headroomBytes = headroomBytes;
    }

    @Override
    public final UnsafeBuffer memory() {
        return memory;
    }

    @Override
    public final int headroom() {
        return headroomBytes;
    }

    @Override
    public final void transmitHeld(int offset, int length, int offload) {
        throw new IllegalStateException("no frame is held here: every neighbour is known");
    }

    @Override
    public final void releaseHeld(int offset) {
        throw new IllegalStateException("no frame is held here: every neighbour is known");
    }

    @Override
    public boolean await(int timeoutMs) {
        return true;
    }

    @Override
    public final long transmitOverruns() {
        return 0;
    }

    @Override
    public final void close() {}
}
