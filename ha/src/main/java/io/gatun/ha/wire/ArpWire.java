package io.gatun.ha.wire;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Where one interface's ARP frames come from and go to. Owned by one thread; buffers lie over direct memory from their
 * first byte, because the kernel writes into them.
 */
public interface ArpWire extends AutoCloseable {
    /**
     * Takes the next frame without waiting, Ethernet header first.
     *
     * @return its length in bytes, 0 when none waits, or the negated errno (-ENETDOWN while the link is down)
     */
    int receive(UnsafeBuffer buffer);

    /**
     * Sends the first {@code lengthBytes} of the buffer as one frame, without waiting.
     *
     * @return bytes sent, or the negated errno
     */
    int send(UnsafeBuffer buffer, int lengthBytes);

    /** The descriptor that poll(2) finds readable when a frame waits, -1 when there is none. */
    default int descriptor() {
        return -1;
    }

    @Override
    void close();
}
