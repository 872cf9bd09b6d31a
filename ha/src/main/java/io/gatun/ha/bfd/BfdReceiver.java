package io.gatun.ha.bfd;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.NativeSocket;
import io.gatun.forwarder.sys.SysException;
import io.gatun.ha.wire.IpAddress;
import io.gatun.ha.wire.Pollable;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The socket of one family on which BFD is received: UDP port 3784 of every address (RFC 5881 section 4), with the hop
 * limit of each datagram beside it. One thread.
 */
final class BfdReceiver implements Pollable, AutoCloseable {
    static final int PORT = 3784;

    private static final int SOCK_DGRAM = 2;
    /** Levels and options of linux/in.h and linux/in6.h; the same numbers are the types of the control messages. */
    private static final int SOL_IP = 0;

    private static final int IP_RECVTTL = 12;
    private static final int IP_TTL = 2;
    private static final int SOL_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    private static final int IPV6_RECVHOPLIMIT = 51;
    private static final int IPV6_HOPLIMIT = 52;

    /** struct mmsghdr of 64-bit Linux: struct msghdr of 56 bytes, then the length received. */
    private static final int MSG_NAME = 0;

    private static final int MSG_NAMELEN = 8;
    private static final int MSG_IOV = 16;
    private static final int MSG_IOVLEN = 24;
    private static final int MSG_CONTROL = 32;
    private static final int MSG_CONTROLLEN = 40;
    private static final int MSG_FLAGS = 48;
    private static final int MSG_LEN = 56;
    private static final int MMSGHDR_BYTES = 64;

    /** struct cmsghdr: length u64, level s32, type s32, then data; each begins at a multiple of 8. */
    private static final int CMSG_LEVEL = 8;

    private static final int CMSG_TYPE = 12;
    private static final int CMSG_DATA = 16;

    private static final int NAME_BYTES = 32;
    private static final int CONTROL_BYTES = 64;
    /** More than the length field of a packet can say. */
    private static final int PACKET_BYTES = 256;

    private final Libc libc;
    private final boolean ipv6;
    private final NativeSocket socket;
    private final UnsafeBuffer message = direct(MMSGHDR_BYTES);
    private final UnsafeBuffer vector = direct(16);
    private final UnsafeBuffer name = direct(NAME_BYTES);
    private final UnsafeBuffer control = direct(CONTROL_BYTES);
    private final UnsafeBuffer packet = direct(PACKET_BYTES);

    private BfdReceiver(Libc libc, boolean ipv6, NativeSocket socket) {
        this.libc = libc;
        this.ipv6 = ipv6;
        this.socket = socket;
        vector.putLong(0, packet.addressOffset());
        vector.putLong(8, PACKET_BYTES);
        message.putLong(MSG_NAME, name.addressOffset());
        message.putLong(MSG_IOV, vector.addressOffset());
        message.putLong(MSG_IOVLEN, 1);
        message.putLong(MSG_CONTROL, control.addressOffset());
    }

    /** @throws SysException EADDRINUSE when another process of this network namespace speaks BFD */
    static BfdReceiver open(Libc libc, boolean ipv6) {
        int family = ipv6 ? BfdAddresses.AF_INET6 : BfdAddresses.AF_INET;
        String what = "bfd, UDP port " + PORT + ", " + (ipv6 ? "IPv6" : "IPv4");
        NativeSocket socket = NativeSocket.open(libc, family, SOCK_DGRAM, 0, what);
        try {
            if (ipv6) {
                SysException.check(socket.option(SOL_IPV6, IPV6_V6ONLY, 1), "setsockopt(IPV6_V6ONLY)");
                SysException.check(socket.option(SOL_IPV6, IPV6_RECVHOPLIMIT, 1), "setsockopt(IPV6_RECVHOPLIMIT)");
            } else {
                SysException.check(socket.option(SOL_IP, IP_RECVTTL, 1), "setsockopt(IP_RECVTTL)");
            }
            ByteBuffer any = BfdAddresses.sockaddr(InetAddress.ofLiteral(ipv6 ? "::" : "0.0.0.0"), PORT);
            SysException.check(socket.bind(any), "bind(" + what + ")");
            return new BfdReceiver(libc, ipv6, socket);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Takes one datagram. @return its length, cut off at 256 bytes; -1 when none waits */
    int receive() {
        message.putInt(MSG_NAMELEN, NAME_BYTES);
        message.putLong(MSG_CONTROLLEN, CONTROL_BYTES);
        message.putInt(MSG_FLAGS, 0);
        int received = libc.recvmmsg(socket.descriptor(), message.addressOffset(), 1, 0);
        return received == 1 ? message.getInt(MSG_LEN) : -1;
    }

    /** The last datagram, from byte 0. */
    UnsafeBuffer packet() {
        return packet;
    }

    /** TTL or hop limit of the last datagram; -1 when the kernel did not tell it. */
    int hopLimit() {
        int level = ipv6 ? SOL_IPV6 : SOL_IP;
        int type = ipv6 ? IPV6_HOPLIMIT : IP_TTL;
        long end = Math.min(message.getLong(MSG_CONTROLLEN), CONTROL_BYTES);
        int offset = 0;
        while (offset + CMSG_DATA + Integer.BYTES <= end) {
            if (control.getInt(offset + CMSG_LEVEL) == level && control.getInt(offset + CMSG_TYPE) == type) {
                return control.getInt(offset + CMSG_DATA);
            }
            long length = control.getLong(offset);
            if (length < CMSG_DATA || length > end) {
                return -1;
            }
            offset += (int) (length + 7) & ~7;
        }
        return -1;
    }

    /** Who sent the last datagram, as the halves of an {@link IpAddress}. */
    long senderHigh() {
        return ipv6 ? name.getLong(BfdAddresses.ADDRESS6_OFFSET, BIG_ENDIAN) : 0;
    }

    long senderLow() {
        return ipv6
                ? name.getLong(BfdAddresses.ADDRESS6_OFFSET + Long.BYTES, BIG_ENDIAN)
                : IpAddress.lowOfIpv4(name.getInt(BfdAddresses.ADDRESS_OFFSET, BIG_ENDIAN));
    }

    /** The interface index by which a link-local sender is reached; 0 for others. */
    int senderScope() {
        return ipv6 ? name.getInt(BfdAddresses.SCOPE6_OFFSET) : 0;
    }

    @Override
    public int descriptor() {
        return socket.descriptor();
    }

    @Override
    public void close() {
        socket.close();
    }

    private static UnsafeBuffer direct(int lengthBytes) {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(lengthBytes));
    }
}
