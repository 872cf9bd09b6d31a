package io.gatun.forwarder.raw;

import io.gatun.forwarder.sys.Libc;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends frames out of an interface other than the one they came from, from the memory of any port. One for each agent and
 * interface; one thread.
 */
public final class CrossPort implements AutoCloseable {
    private final Libc libc;
    private final RawSocket socket;
    private final int fd;
    private long overruns;

    private CrossPort(Libc libc, int interfaceIndex) {
        this.libc = libc;
        this.socket = RawSocket.sending(libc, interfaceIndex);
        this.fd = socket.fd();
    }

    /** Opens a socket to this link. */
    public static CrossPort open(Libc libc, int interfaceIndex) {
        return new CrossPort(libc, interfaceIndex);
    }

    /**
     * Sends a frame; the memory is the caller's again when this returns, and as it was.
     *
     * @param offset of the frame, with at least 10 bytes of the caller's before it
     * @param offload of {@link io.gatun.forwarder.frame.FrameBatch#offload}
     * @return false when there was no room, or the link is down or gone
     */
    public boolean send(UnsafeBuffer memory, int offset, int length, int offload) {
        int header = offset - VirtioHeader.BYTES;
        long first = memory.getLong(header);
        short second = memory.getShort(header + Long.BYTES);
        VirtioHeader.write(memory, offset, length, offload);
        long sent = libc.sendto(
                fd, memory.addressOffset() + header, (long) length + VirtioHeader.BYTES, AfPacket.MSG_DONTWAIT, 0, 0);
        memory.putLong(header, first);
        memory.putShort(header + Long.BYTES, second);
        overruns += sent < 0 ? 1 : 0;
        return sent >= 0;
    }

    /** Frames that the kernel refused since the start. */
    public long overruns() {
        return overruns;
    }

    @Override
    public void close() {
        socket.close();
    }
}
