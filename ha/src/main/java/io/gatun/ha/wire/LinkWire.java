package io.gatun.ha.wire;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Where one interface's frames of one {@link NeighbourProtocol} come from and go to. Owned by one thread; buffers lie
 * over direct memory from their first byte, because the kernel writes into them.
 */
public interface LinkWire extends Pollable, AutoCloseable {
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

    /**
     * Receives frames to a multicast group from now on. Each join is to be undone by a leave of its own.
     *
     * @return 0 or the negated errno
     */
    int join(IpAddress group);

    /**
     * Undoes a join.
     *
     * @return 0 or the negated errno
     */
    int leave(IpAddress group);

    @Override
    void close();
}
