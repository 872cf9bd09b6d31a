package io.gatun.forwarder.sys;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * The calls of a datagram socket with direct buffers in the place of addresses. They return what {@link Libc} returns. One
 * thread at a time.
 */
public final class NativeSocket implements AutoCloseable {
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_TRUNC = 0x20;
    private static final int SOCKADDR_STORAGE_BYTES = 128;
    private static final int POLLIN = 1;

    private final Libc libc;
    private final Fd fd;
    private final ByteBuffer sender = Memory.allocate(SOCKADDR_STORAGE_BYTES);
    private final ByteBuffer senderLength = Memory.allocate(Integer.BYTES);
    /** struct pollfd: fd s32, events s16, revents s16. */
    private final ByteBuffer pollfd = Memory.allocate(8);

    private NativeSocket(Libc libc, Fd fd) {
        this.libc = libc;
        this.fd = fd;
    }

    /**
     * Opens a non-blocking socket, closed on exec.
     *
     * @param what the socket, for errors and leak reports
     */
    public static NativeSocket open(Libc libc, int domain, int type, int protocol, String what) {
        int result = libc.socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
        return new NativeSocket(libc, Fd.own(libc, result, "socket(" + what + ")"));
    }

    /** bind(2) to a struct sockaddr that fills the buffer. */
    public int bind(ByteBuffer address) {
        try {
            return libc.bind(fd.number(), Memory.address(address), address.capacity());
        } finally {
            Reference.reachabilityFence(address);
        }
    }

    /** setsockopt(2) with an int. */
    public int option(int level, int name, int value) {
        return option(level, name, Memory.allocate(Integer.BYTES).putInt(0, value));
    }

    /** setsockopt(2) with a structure that fills the buffer. */
    public int option(int level, int name, ByteBuffer value) {
        try {
            return libc.setsockopt(fd.number(), level, name, Memory.address(value), value.capacity());
        } finally {
            Reference.reachabilityFence(value);
        }
    }

    /** sendto(2) without an address. @return bytes sent, or -errno */
    public int send(ByteBuffer buffer, int offset, int length) {
        try {
            return (int) libc.sendto(fd.number(), Memory.address(buffer) + offset, length, 0, 0, 0);
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    /** sendto(2) to a struct sockaddr that fills its buffer. Any thread, but one at a time. @return as {@link #send} */
    public int sendTo(ByteBuffer buffer, int length, ByteBuffer address) {
        try {
            return (int) libc.sendto(
                    fd.number(), Memory.address(buffer), length, 0, Memory.address(address), address.capacity());
        } finally {
            Reference.reachabilityFence(buffer);
            Reference.reachabilityFence(address);
        }
    }

    /**
     * recvfrom(2) of one datagram into the buffer from byte 0.
     *
     * @return the datagram's own length, which may exceed the capacity; 0 when nothing waits or a signal came; -errno
     */
    public int receive(ByteBuffer buffer) {
        senderLength.putInt(0, SOCKADDR_STORAGE_BYTES);
        try {
            long received = libc.recvfrom(
                    fd.number(),
                    Memory.address(buffer),
                    buffer.capacity(),
                    MSG_TRUNC,
                    Memory.address(sender),
                    Memory.address(senderLength));
            return received == -Errno.EAGAIN || received == -Errno.EINTR ? 0 : (int) received;
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    /** The struct sockaddr of who sent the last datagram. */
    public ByteBuffer sender() {
        return sender;
    }

    /**
     * Waits by poll(2).
     *
     * @param timeoutMs 0 to look only, -1 to wait without end
     * @return whether {@link #receive} has something to say, be it an error; false after the timeout or a signal
     */
    public boolean await(int timeoutMs) {
        pollfd.putInt(0, fd.number()).putShort(4, (short) POLLIN);
        int ready = libc.poll(Memory.address(pollfd), 1, timeoutMs);
        return ready != -Errno.EINTR && SysException.check(ready, "poll(" + fd + ")") > 0;
    }

    /** The descriptor's number, valid until {@link #close}. */
    public int descriptor() {
        return fd.number();
    }

    @Override
    public void close() {
        fd.close();
    }

    @Override
    public String toString() {
        return fd.toString();
    }
}
