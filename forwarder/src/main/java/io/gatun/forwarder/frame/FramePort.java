package io.gatun.forwarder.frame;

import org.agrona.concurrent.UnsafeBuffer;

/** One receive queue of one interface, as the pipeline sees it. Used by one thread. */
public interface FramePort extends AutoCloseable {
    /** All frames of this port; offsets of {@link FrameBatch} index into it. */
    UnsafeBuffer memory();

    /** Bytes before a received frame that belong to it, so that it may start earlier when a header grows. */
    int headroom();

    /**
     * Moves received frames into the batch, which must be empty.
     *
     * @return frames received, 0 to {@link FrameBatch#limit}
     */
    int receive(FrameBatch batch);

    /** Queues the frames to transmit, takes the dropped ones back, and tells the kernel when there is something to do. */
    void complete(FrameBatch batch);

    /**
     * Sends a frame that was held.
     *
     * @param offload of {@link FrameBatch#offload}
     */
    void transmitHeld(int offset, int length, int offload);

    /** Takes back a frame that was held. */
    void releaseHeld(int offset);

    /**
     * Waits until a frame can be received.
     *
     * @return false when {@code timeoutMs} passed first
     */
    boolean await(int timeoutMs);

    /** Frames that the tx side had no room for since the start. */
    long transmitOverruns();

    /** Frames given to the kernel's ring so far, from any thread while the port is open; 0 where there is no ring. */
    default int submitted() {
        return 0;
    }

    /** Those of {@link #submitted} that came back, whether this side has seen that or not. */
    default int completed() {
        return 0;
    }

    @Override
    void close();
}
