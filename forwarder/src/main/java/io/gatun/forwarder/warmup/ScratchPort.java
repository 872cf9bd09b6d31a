package io.gatun.forwarder.warmup;

import io.gatun.forwarder.frame.DetachedPort;
import io.gatun.forwarder.frame.FrameBatch;

/** A port over plain memory with one batch of frames: what is written into its slots is received, and may be received again. */
final class ScratchPort extends DetachedPort {
    private static final int SLOT_BYTES = 512;
    private static final int HEADROOM_BYTES = 128;

    private final int[] lengths = new int[FrameBatch.CAPACITY];
    private final int[] offsets = new int[FrameBatch.CAPACITY];
    private long transmitted;

    ScratchPort() {
        super(FrameBatch.CAPACITY * SLOT_BYTES, HEADROOM_BYTES);
    }

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
}
