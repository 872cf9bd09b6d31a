package io.gatun.forwarder.sys.netlink;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.Memory;
import io.gatun.forwarder.sys.NativeSocket;
import io.gatun.forwarder.sys.SysException;
import java.nio.ByteBuffer;

/**
 * An rtnetlink(7) socket, non-blocking, for one thread at a time. Either it is subscribed to groups and only listened to,
 * or it asks: an answer and an event never share a queue, so neither is mistaken for the other.
 */
public final class RtnetlinkSocket implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int NETLINK_ROUTE = 0;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    /** Beyond net.core.rmem_max, with CAP_NET_ADMIN. */
    private static final int SO_RCVBUFFORCE = 33;

    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_ADD_MEMBERSHIP = 1;
    /** Linux 4.2: an error does not repeat the request's payload. */
    private static final int NETLINK_CAP_ACK = 10;
    /** Linux 4.12: an error comes with the kernel's words. */
    private static final int NETLINK_EXT_ACK = 11;

    /** struct sockaddr_nl: family u16, padding, port u32, groups u32. */
    private static final int SOCKADDR_NL_BYTES = 12;

    private static final int SENDER_PORT_OFFSET = 4;

    /** The kernel fills dumps up to 32 KiB a datagram when the reader's buffer is that large. */
    private static final int DATAGRAM_BYTES_MAX = 64 * 1024;

    private static final int ANSWER_TIMEOUT_MS = 5_000;

    private final NativeSocket socket;
    private final ByteBuffer buffer = Memory.allocate(DATAGRAM_BYTES_MAX);
    private final MessageCursor answer = new MessageCursor();
    private int sequence;

    private RtnetlinkSocket(NativeSocket socket) {
        this.socket = socket;
    }

    /**
     * Opens a socket in the network namespace of the calling thread.
     *
     * @param receiveBufferBytes how much may wait in the kernel before it drops and says ENOBUFS
     * @param groups RTNLGRP_* to listen to, none for a socket that asks
     */
    public static RtnetlinkSocket open(Libc libc, int receiveBufferBytes, int... groups) {
        NativeSocket socket = NativeSocket.open(libc, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, "AF_NETLINK, NETLINK_ROUTE");
        try {
            configure(socket, receiveBufferBytes, groups);
            return new RtnetlinkSocket(socket);
        } catch (RuntimeException refused) {
            socket.close();
            throw refused;
        }
    }

    /**
     * Takes one datagram of the kernel.
     *
     * @return its length; 0 when nothing waits; -ENOBUFS when the kernel or this buffer had to drop some, after which
     *     the kernel delivers nothing new until all that still waits is read; another -errno
     */
    public int receive() {
        int received;
        do {
            received = socket.receive(buffer);
        } while (received > 0 && !fromKernel());
        if (received > buffer.capacity()) {
            return -Errno.ENOBUFS;
        }
        buffer.clear().limit(Math.max(received, 0));
        return received;
    }

    /** The datagram last received, position 0 to limit, overwritten by the next. */
    public ByteBuffer datagram() {
        return buffer;
    }

    /**
     * Waits until {@link #receive} has something.
     *
     * @param timeoutMs 0 to look only, -1 to wait without end
     */
    public boolean await(int timeoutMs) {
        return socket.await(timeoutMs);
    }

    /**
     * Sends a request that was made with {@link Rtnetlink#NLM_F_ACK} and waits for its acknowledgement.
     *
     * @throws SysException when the kernel refuses, with its own words where it gave any
     */
    public void request(NetlinkRequest request, EventParser parser) {
        int asked = send(request);
        while (true) {
            awaitAnswer(request);
            answer.wrap(buffer);
            while (parser.step(answer)) {
                if (answer.sequence() == asked && answer.type() == Rtnetlink.NLMSG_ERROR) {
                    NetlinkError.check(answer, request.what());
                    return;
                }
            }
        }
    }

    /**
     * Sends a request that was made with {@link Rtnetlink#NLM_F_DUMP} and passes on all that comes back.
     *
     * @return false when a change overtook the dump, so that entries may be missing or doubled: ask again
     * @throws SysException when the kernel refuses
     */
    public boolean dump(NetlinkRequest request, EventParser parser, EventSink sink) {
        int asked = send(request);
        boolean consistent = true;
        while (true) {
            awaitAnswer(request);
            answer.wrap(buffer);
            while (parser.step(answer)) {
                if (answer.sequence() != asked) {
                    continue;
                }
                consistent &= (answer.flags() & Rtnetlink.NLM_F_DUMP_INTR) == 0;
                switch (answer.type()) {
                    case Rtnetlink.NLMSG_DONE -> {
                        NetlinkError.check(answer, request.what());
                        return consistent;
                    }
                    case Rtnetlink.NLMSG_ERROR -> NetlinkError.check(answer, request.what());
                    default -> parser.parseMessage(answer, sink);
                }
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    private int send(NetlinkRequest request) {
        ByteBuffer message = request.seal(++sequence);
        SysException.check(socket.send(message, 0, message.limit()), "sendto(" + request.what() + ")");
        return sequence;
    }

    private void awaitAnswer(NetlinkRequest request) {
        long deadlineNs = System.nanoTime() + ANSWER_TIMEOUT_MS * 1_000_000L;
        int received;
        while ((received = receive()) == 0) {
            long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000L;
            if (leftMs <= 0) {
                throw new SysException(
                        request.what() + " without an answer for " + ANSWER_TIMEOUT_MS + " ms", Errno.ETIMEDOUT);
            }
            socket.await((int) leftMs);
        }
        SysException.check(received, "recvfrom(" + request.what() + ")");
    }

    /** Another process may send to this socket too; its port is not 0. */
    private boolean fromKernel() {
        return socket.sender().getInt(SENDER_PORT_OFFSET) == 0;
    }

    private static void configure(NativeSocket socket, int receiveBufferBytes, int... groups) {
        if (socket.option(SOL_SOCKET, SO_RCVBUFFORCE, receiveBufferBytes) < 0) {
            int limited = socket.option(SOL_SOCKET, SO_RCVBUF, receiveBufferBytes);
            SysException.check(limited, "setsockopt(SO_RCVBUF, " + receiveBufferBytes + ")");
        }
        SysException.check(socket.option(SOL_NETLINK, NETLINK_EXT_ACK, 1), "setsockopt(NETLINK_EXT_ACK)");
        SysException.check(socket.option(SOL_NETLINK, NETLINK_CAP_ACK, 1), "setsockopt(NETLINK_CAP_ACK)");
        ByteBuffer address = Memory.allocate(SOCKADDR_NL_BYTES).putShort(0, (short) AF_NETLINK);
        SysException.check(socket.bind(address), "bind(AF_NETLINK)");
        for (int group : groups) {
            int joined = socket.option(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
            SysException.check(joined, "setsockopt(NETLINK_ADD_MEMBERSHIP, group " + group + ")");
        }
    }
}
