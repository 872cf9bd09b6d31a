package io.gatun.forwarder.pipeline;

import org.agrona.concurrent.UnsafeBuffer;

/** The other interfaces that are served, as one agent sends through them. Must neither block nor allocate nor throw. */
public interface Egress {
    /** There is no other interface. */
    Egress NONE = new Egress() {
        @Override
        public long mac(int interfaceIndex) {
            return NOT_SERVED;
        }

        @Override
        public boolean send(int interfaceIndex, UnsafeBuffer memory, int offset, int length, int offload) {
            return false;
        }
    };

    /** Bytes of the caller's before a frame that is sent: an engine's own header is put there for the moment. */
    int HEADROOM = 16;

    /** {@link #mac}: this interface is not served. */
    long NOT_SERVED = -1;

    /** Our MAC on an interface, 48 bits, or {@link #NOT_SERVED}. */
    long mac(int interfaceIndex);

    /**
     * Sends a copy of a frame.
     *
     * @param offset of the frame, with {@link #HEADROOM} before it
     * @param offload of {@link io.gatun.forwarder.frame.FrameBatch#offload}
     * @return false when the interface did not take it
     */
    boolean send(int interfaceIndex, UnsafeBuffer memory, int offset, int length, int offload);
}
