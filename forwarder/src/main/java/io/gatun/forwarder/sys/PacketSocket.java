package io.gatun.forwarder.sys;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A packet(7) socket: whole Ethernet frames of one EtherType on one link, seen before the host's stack and after XDP has
 * passed them. Non-blocking; one thread at a time. Frames that the node itself sends are not delivered (Linux 4.20;
 * before that {@link #outgoing} tells them).
 *
 * <p>The kernel strips an outermost VLAN tag from what is received here.
 */
public final class PacketSocket implements AutoCloseable {
    /** include/uapi/linux/if_ether.h. */
    public static final int ETH_P_ALL = 0x0003;

    public static final int ETH_P_ARP = 0x0806;
    public static final int ETH_P_IP = 0x0800;
    public static final int ETH_P_IPV6 = 0x86dd;

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_IGNORE_OUTGOING = 23;
    private static final int PACKET_ADD_MEMBERSHIP = 1;
    private static final int PACKET_DROP_MEMBERSHIP = 2;
    private static final int PACKET_OUTGOING = 4;

    /** struct sockaddr_ll: family, protocol (big endian), ifindex, hatype, pkttype, halen, addr[8]. */
    private static final int SOCKADDR_LL_BYTES = 20;

    private static final int PKTTYPE_OFFSET = 10;

    /** struct packet_mreq: ifindex s32, type u16 (PACKET_MR_MULTICAST is 0), address length u16, address[8]. */
    private static final int PACKET_MREQ_BYTES = 16;

    private static final int MAC_BYTES = 6;

    /** struct sock_filter: code u16, jt u8, jf u8, k u32; struct sock_fprog: length u16, padding, pointer. */
    private static final int FILTER_INTS = 4;

    private static final int FILTER_BYTES = 8;
    private static final int FPROG_BYTES = 16;

    private final NativeSocket socket;
    private final int ifindex;

    private PacketSocket(NativeSocket socket, int ifindex) {
        this.socket = socket;
        this.ifindex = ifindex;
    }

    /**
     * Opens a socket that receives from its first frame on only what the filter lets through.
     *
     * @param ifindex the link
     * @param etherType such as {@link #ETH_P_ARP}
     * @param filter classic BPF, four ints an instruction (code, jt, jf, k) as {@code tcpdump -dd} prints them; empty for
     *     everything of that EtherType
     * @throws SysException EPERM without CAP_NET_RAW, ENODEV or ENXIO without such a link
     */
    public static PacketSocket open(Libc libc, int ifindex, int etherType, int... filter) {
        String what = "AF_PACKET ifindex %d ethertype 0x%04x".formatted(ifindex, etherType);
        if (filter.length % FILTER_INTS != 0) {
            throw new IllegalArgumentException("filter of " + filter.length + " ints, give four for each instruction");
        }
        // Protocol 0 receives nothing: no frame can slip in between socket() and the filter.
        NativeSocket socket = NativeSocket.open(libc, AF_PACKET, SOCK_RAW, 0, what);
        try {
            // ENOPROTOOPT before Linux 4.20 is no failure: outgoing() tells such frames then.
            socket.option(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
            if (filter.length > 0) {
                attachFilter(socket, filter, what);
            }
            SysException.check(socket.bind(address(ifindex, etherType)), "bind(" + what + ")");
            return new PacketSocket(socket, ifindex);
        } catch (RuntimeException refused) {
            socket.close();
            throw refused;
        }
    }

    /**
     * Takes one frame.
     *
     * @param frame direct; filled from 0, position 0 and limit the length, when there was one
     * @return its length in bytes, cut to the buffer's capacity; 0 when nothing waits; -errno, of which -ENETDOWN says
     *     that the link went down and the socket goes on when it is up again
     */
    public int receive(ByteBuffer frame) {
        int received = socket.receive(frame);
        if (received <= 0) {
            return received;
        }
        int length = Math.min(received, frame.capacity());
        frame.clear().limit(length);
        return length;
    }

    /** Whether the last frame received was one that this node sent. */
    public boolean outgoing() {
        return socket.sender().get(PKTTYPE_OFFSET) == PACKET_OUTGOING;
    }

    /**
     * Sends one frame, Ethernet header included.
     *
     * @param buffer direct
     * @param offset of the frame from byte 0
     * @param length bytes of the frame
     * @return bytes sent, or -errno: -ENOBUFS or -EAGAIN when the queue is full, -ENETDOWN when the link is down
     */
    public int send(ByteBuffer buffer, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffer.capacity());
        return socket.send(buffer, offset, length);
    }

    /**
     * Lets the link receive frames to a multicast MAC too (PACKET_ADD_MEMBERSHIP), until as many {@link #leave} or the
     * close.
     *
     * @param mac in the low 48 bits, first byte on the wire highest
     * @return 0 or -errno, -ENODEV when the link is gone
     */
    public int join(long mac) {
        return socket.option(SOL_PACKET, PACKET_ADD_MEMBERSHIP, membership(mac));
    }

    /** Undoes one {@link #join}. @return 0 or -errno, -EADDRNOTAVAIL when nothing was joined */
    public int leave(long mac) {
        return socket.option(SOL_PACKET, PACKET_DROP_MEMBERSHIP, membership(mac));
    }

    /**
     * Waits for a frame.
     *
     * @param timeoutMs 0 to look only, -1 to wait without end
     * @return whether {@link #receive} has something to say
     */
    public boolean await(int timeoutMs) {
        return socket.await(timeoutMs);
    }

    /** To wait for several sockets in one poll(2). */
    public int descriptor() {
        return socket.descriptor();
    }

    @Override
    public void close() {
        socket.close();
    }

    @Override
    public String toString() {
        return socket.toString();
    }

    private static void attachFilter(NativeSocket socket, int[] filter, String what) {
        int instructions = filter.length / FILTER_INTS;
        ByteBuffer program = Memory.allocate(instructions * FILTER_BYTES);
        for (int i = 0; i < filter.length; i += FILTER_INTS) {
            program.putShort((short) filter[i])
                    .put((byte) filter[i + 1])
                    .put((byte) filter[i + 2])
                    .putInt(filter[i + 3]);
        }
        ByteBuffer header =
                Memory.allocate(FPROG_BYTES).putShort(0, (short) instructions).putLong(8, Memory.address(program));
        try {
            SysException.check(
                    socket.option(SOL_SOCKET, SO_ATTACH_FILTER, header),
                    "setsockopt(SO_ATTACH_FILTER, " + instructions + " instructions, " + what + ")");
        } finally {
            Reference.reachabilityFence(program);
        }
    }

    private ByteBuffer membership(long mac) {
        ByteBuffer membership =
                Memory.allocate(PACKET_MREQ_BYTES).putInt(0, ifindex).putShort(6, (short) MAC_BYTES);
        return membership.order(ByteOrder.BIG_ENDIAN).putLong(8, mac << Short.SIZE);
    }

    private static ByteBuffer address(int ifindex, int etherType) {
        ByteBuffer address = Memory.allocate(SOCKADDR_LL_BYTES).putShort(0, (short) AF_PACKET);
        address.order(ByteOrder.BIG_ENDIAN).putShort(2, (short) etherType);
        return address.order(ByteOrder.nativeOrder()).putInt(4, ifindex);
    }
}
