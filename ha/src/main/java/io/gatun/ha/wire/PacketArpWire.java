package io.gatun.ha.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * ARP of one interface through an AF_PACKET socket (packet(7)). The host's own stack keeps seeing every frame.
 *
 * <p>The socket takes no frame that came in a VLAN which the host does not have: the kernel shows it on the parent
 * interface with its tag gone, and an answer would go out untagged, into a network that did not ask. All that is left
 * to know such a frame by is its packet type, the one that frames to another host's MAC have too (net/core/dev.c).
 */
public final class PacketArpWire implements ArpWire {
    /** linux/socket.h, linux/if_ether.h and asm-generic/socket.h; Linux 2.2. */
    private static final int AF_PACKET = 17;

    private static final int SOCK_RAW = 3;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;

    /** struct sockaddr_ll: family, protocol (big-endian), ifindex, then zeroes. */
    private static final int SOCKADDR_LL_BYTES = 20;

    /**
     * Classic BPF, as struct sock_filter (code, jt, jf, k): {@code ld type; jeq #PACKET_OTHERHOST, drop, take; take: ret
     * #-1; drop: ret #0}. type is SKF_AD_OFF + SKF_AD_PKTTYPE of linux/filter.h, PACKET_OTHERHOST of
     * linux/if_packet.h is 3; Linux 2.6.
     */
    private static final int[][] NOT_OTHERHOST = {
        {0x20, 0, 0, -0x1000 + 4}, {0x15, 1, 0, 3}, {0x06, 0, 0, -1}, {0x06, 0, 0, 0},
    };

    private static final int SOCK_FILTER_BYTES = 8;

    private final Libc libc;
    private final Fd socket;

    private PacketArpWire(Libc libc, Fd socket) {
        this.libc = libc;
        this.socket = socket;
    }

    /**
     * Opens the wire of an interface.
     *
     * @param what the interface's name, for errors
     * @throws SysException EPERM without CAP_NET_RAW, ENODEV when there is no such interface
     */
    public static PacketArpWire open(int ifindex, String what) {
        Libc libc = Libc.system();
        // Protocol 0 receives nothing, so no frame slips in before the filter and the interface are set.
        Fd socket = Fd.own(
                libc,
                libc.socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
                "socket(AF_PACKET " + what + ")");
        try {
            attachFilter(libc, socket, what);
            bind(libc, socket, ifindex, what);
            return new PacketArpWire(libc, socket);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static void attachFilter(Libc libc, Fd socket, String what) {
        UnsafeBuffer program = direct(NOT_OTHERHOST.length * SOCK_FILTER_BYTES);
        for (int i = 0; i < NOT_OTHERHOST.length; i++) {
            int offset = i * SOCK_FILTER_BYTES;
            program.putShort(offset, (short) NOT_OTHERHOST[i][0]);
            program.putByte(offset + 2, (byte) NOT_OTHERHOST[i][1]);
            program.putByte(offset + 3, (byte) NOT_OTHERHOST[i][2]);
            program.putInt(offset + 4, NOT_OTHERHOST[i][3]);
        }
        UnsafeBuffer header = direct(16);
        header.putShort(0, (short) NOT_OTHERHOST.length);
        header.putLong(8, program.addressOffset());
        SysException.check(
                libc.setsockopt(socket.number(), SOL_SOCKET, SO_ATTACH_FILTER, header.addressOffset(), 16),
                "setsockopt(SO_ATTACH_FILTER " + what + ")");
    }

    private static void bind(Libc libc, Fd socket, int ifindex, String what) {
        UnsafeBuffer address = direct(SOCKADDR_LL_BYTES);
        address.putShort(0, (short) AF_PACKET);
        address.putShort(2, (short) ArpFlyweight.ETHERTYPE, BIG_ENDIAN);
        address.putInt(4, ifindex);
        SysException.check(
                libc.bind(socket.number(), address.addressOffset(), SOCKADDR_LL_BYTES),
                "bind(AF_PACKET " + what + " ifindex " + ifindex + ")");
    }

    private static UnsafeBuffer direct(int lengthBytes) {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(lengthBytes));
    }

    @Override
    public int receive(UnsafeBuffer buffer) {
        long result = libc.recvfrom(socket.number(), buffer.addressOffset(), buffer.capacity(), 0, 0, 0);
        return result == -Errno.EAGAIN || result == -Errno.EINTR ? 0 : (int) result;
    }

    @Override
    public int send(UnsafeBuffer buffer, int lengthBytes) {
        return (int) libc.sendto(socket.number(), buffer.addressOffset(), lengthBytes, 0, 0, 0);
    }

    @Override
    public int descriptor() {
        return socket.number();
    }

    @Override
    public void close() {
        socket.close();
    }
}
