package io.gatun.forwarder.warmup;

import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.frame.FramePort;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A port over plain memory with one batch of frames: what is written into its slots is received, and may be received again. */
final class ScratchPort implements FramePort {
    private static final int SLOT_BYTES = 512;
    private static final int HEADROOM_BYTES = 128;

    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(FrameBatch.CAPACITY * SLOT_BYTES));
    private final int[] lengths = new int[FrameBatch.CAPACITY];
    private final int[] offsets = new int[FrameBatch.CAPACITY];
    private long transmitted;

    /** Where the frame in this slot starts, before it is received. */
    int offset(int slot) {
        return slot * SLOT_BYTES + HEADROOM_BYTES;
    }

    /** The frame in this slot has so many bytes. */
    void length(int slot, int bytes) {
        lengths[slot] = bytes;
        offsets[slot] = offset(slot);
    }

    /** Where the frame of this slot starts that was transmitted last, or -1 when it was not. */
    int transmittedOffset(int slot) {
        return offsets[slot];
    }

    /** Frames transmitted so far. */
    long transmitted() {
        return transmitted;
    }

    @Override
    public UnsafeBuffer memory() {
        return memory;
    }

    @Override
    public int headroom() {
        return HEADROOM_BYTES;
    }

    @Override
    public int receive(FrameBatch batch) {
        for (int slot = 0; slot < FrameBatch.CAPACITY; slot++) {
            batch.add(offsets[slot], lengths[slot]);
        }
        return FrameBatch.CAPACITY;
    }

    @Override
    public void complete(FrameBatch batch) {
        for (int slot = 0; slot < batch.size(); slot++) {
            boolean sent = batch.isTransmit(slot);
            offsets[slot] = sent ? batch.offset(slot) : -1;
            transmitted += sent ? 1 : 0;
        }
    }

    @Override
    public void transmitHeld(int offset, int length, int offload) {
        throw new IllegalStateException("no frame is held: every neighbour is known");
    }

    @Override
    public void releaseHeld(int offset) {
        throw new IllegalStateException("no frame is held: every neighbour is known");
    }

    @Override
    public boolean await(int timeoutMs) {
        return true;
    }

    @Override
    public long transmitOverruns() {
        return 0;
    }

    @Override
    public void close() {}
}
