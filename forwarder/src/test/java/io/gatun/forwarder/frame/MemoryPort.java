package io.gatun.forwarder.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.WireFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A port over plain memory. Knows of every frame who owns it, and fails when one is given back twice or by somebody who
 * does not own it.
 */
public final class MemoryPort implements FramePort {
    private static final int FRAME_SIZE = 2048;

    /** As the kernel does, a received frame starts some way into its slot. */
    private static final int HEADROOM = 256;

    private enum Owner {
        PORT,
        RECEIVED,
        BATCH,
        HOLDER
    }

    private final UnsafeBuffer memory;
    private final Owner[] owners;
    private final int[] free;
    private final int[] queued;
    private final int[] lengths;
    private final int[] offloads;
    private final List<WireFrame> sent = new ArrayList<>();
    private int freeCount;
    private int queuedCount;
    private int transmitRoom = Integer.MAX_VALUE;
    private boolean recording = true;
    private long transmitted;
    private long overruns;
    private boolean closed;

    public MemoryPort(int frames) {
        memory = new UnsafeBuffer(ByteBuffer.allocateDirect(frames * FRAME_SIZE));
        owners = new Owner[frames];
        free = new int[frames];
        queued = new int[frames];
        lengths = new int[frames];
        offloads = new int[frames];
        for (int i = frames - 1; i >= 0; i--) {
            give(i, null);
        }
    }

    /** Puts a frame into the receive queue. */
    public void inject(Packet packet) {
        inject(packet.bytes());
    }

    public void inject(byte[] frame) {
        inject(frame, frame.length);
    }

    /** The first {@code length} bytes of {@code frame}; allocates nothing. */
    public void inject(byte[] frame, int length) {
        inject(frame, length, Offload.NONE);
    }

    /** The same as an engine receives it that leaves something to the device, see {@link Offload}. */
    public void inject(byte[] frame, int length, int offload) {
        int slot = free[--freeCount];
        move(slot, Owner.PORT, Owner.RECEIVED);
        memory.putBytes(slot * FRAME_SIZE + HEADROOM, frame, 0, length);
        lengths[slot] = length;
        offloads[slot] = offload;
        queued[queuedCount++] = slot;
    }

    /** From now on frames are sent until this many have been, then the ring is full. */
    public MemoryPort transmitRoom(int frames) {
        transmitRoom = frames;
        return this;
    }

    /** Whether sent frames are kept for {@link #takeSent}; otherwise they are only counted, without allocation. */
    public MemoryPort recording(boolean wanted) {
        recording = wanted;
        return this;
    }

    /** What was sent since the last call. */
    public List<WireFrame> takeSent() {
        List<WireFrame> taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }

    public long transmitted() {
        return transmitted;
    }

    public boolean isClosed() {
        return closed;
    }

    /** Frames that the pipeline holds. */
    public int held() {
        return count(Owner.HOLDER);
    }

    /** Every frame is the port's, received, or held: none is lost in a batch. */
    public void assertConserved() {
        assertEquals(0, count(Owner.BATCH), "frames neither transmitted nor dropped nor held");
        assertEquals(freeCount, count(Owner.PORT), "free frames");
        assertEquals(queuedCount, count(Owner.RECEIVED), "frames in the receive queue");
        assertEquals(owners.length, freeCount + queuedCount + held(), "frames of the port");
    }

    @Override
    public UnsafeBuffer memory() {
        return memory;
    }

    @Override
    public int headroom() {
        return HEADROOM;
    }

    @Override
    public int receive(FrameBatch batch) {
        assertEquals(0, batch.size(), "frames in the batch before receive");
        int count = Math.min(queuedCount, batch.limit());
        for (int i = 0; i < count; i++) {
            move(queued[i], Owner.RECEIVED, Owner.BATCH);
            int slot = queued[i];
            batch.add(slot * FRAME_SIZE + HEADROOM, lengths[slot], offloads[slot]);
        }
        queuedCount -= count;
        System.arraycopy(queued, count, queued, 0, queuedCount);
        return count;
    }

    @Override
    public void complete(FrameBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            int slot = batch.offset(i) / FRAME_SIZE;
            if (batch.isHeld(i)) {
                move(slot, Owner.BATCH, Owner.HOLDER);
            } else {
                if (batch.isTransmit(i)) {
                    transmit(batch.offset(i), batch.length(i), batch.offload(i));
                }
                give(slot, Owner.BATCH);
            }
        }
    }

    @Override
    public void transmitHeld(int offset, int length, int offload) {
        transmit(offset, length, offload);
        give(offset / FRAME_SIZE, Owner.HOLDER);
    }

    @Override
    public void releaseHeld(int offset) {
        give(offset / FRAME_SIZE, Owner.HOLDER);
    }

    @Override
    public boolean await(int timeoutMs) {
        return queuedCount > 0;
    }

    @Override
    public long transmitOverruns() {
        return overruns;
    }

    @Override
    public void close() {
        closed = true;
    }

    private void transmit(int offset, int length, int offload) {
        if (transmitRoom == 0) {
            overruns++;
            return;
        }
        transmitRoom--;
        transmitted++;
        if (recording) {
            byte[] bytes = new byte[length];
            memory.getBytes(offset, bytes);
            sent.add(new WireFrame(bytes, offload));
        }
    }

    private void give(int slot, Owner from) {
        move(slot, from, Owner.PORT);
        free[freeCount++] = slot;
    }

    private void move(int slot, Owner from, Owner to) {
        if (owners[slot] != from) {
            throw new AssertionError(
                    "frame " + slot + " goes from " + from + " to " + to + " but belongs to " + owners[slot]);
        }
        owners[slot] = to;
    }

    private int count(Owner owner) {
        int count = 0;
        for (Owner one : owners) {
            count += one == owner ? 1 : 0;
        }
        return count;
    }
}
