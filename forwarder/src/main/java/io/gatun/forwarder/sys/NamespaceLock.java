package io.gatun.forwarder.sys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A name that one process of a network namespace holds at a time: a bound socket in the abstract namespace of unix(7),
 * which belongs to the network namespace, leaves no file and is free as soon as its holder has died, however it died.
 */
public final class NamespaceLock implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;

    /** sun_path of struct sockaddr_un. */
    private static final int NAME_MAX = 107;

    /** The kernel closes the sockets of a killed process from its exit, which takes a moment. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(2);

    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final NativeSocket socket;

    private NamespaceLock(NativeSocket socket) {
        this.socket = socket;
    }

    /**
     * Takes a name, waiting a moment for a holder that is just dying.
     *
     * @param name up to 107 bytes of ASCII
     * @return the lock, or empty when another process holds it
     */
    public static Optional<NamespaceLock> acquire(Libc libc, String name) {
        ByteBuffer address = address(name);
        NativeSocket socket = NativeSocket.open(libc, AF_UNIX, SOCK_DGRAM, 0, "unix lock " + name);
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        int result = socket.bind(address);
        while (result == -Errno.EADDRINUSE && System.nanoTime() - deadlineNs < 0) {
            LockSupport.parkNanos(PAUSE_NS);
            result = socket.bind(address);
        }
        if (result == 0) {
            return Optional.of(new NamespaceLock(socket));
        }
        socket.close();
        if (result == -Errno.EADDRINUSE) {
            return Optional.empty();
        }
        throw new SysException("bind(unix lock " + name + ")", -result);
    }

    @Override
    public void close() {
        socket.close();
    }

    /** struct sockaddr_un whose path begins with a zero; its length says how long the name is. */
    private static ByteBuffer address(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length > NAME_MAX) {
            throw new IllegalArgumentException("name=" + name + ", give at most " + NAME_MAX + " bytes");
        }
        ByteBuffer address = Memory.allocate(Short.BYTES + 1 + bytes.length).putShort(0, (short) AF_UNIX);
        address.put(Short.BYTES + 1, bytes);
        return address;
    }
}
