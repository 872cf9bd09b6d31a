package io.gatun.ha.wire;

import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.PacketSocket;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Frames of one interface through an AF_PACKET socket (packet(7)). The host's own stack keeps seeing every frame.
 *
 * <p>The socket takes no frame that came in a VLAN which the host does not have: the kernel shows it on the parent
 * interface with its tag gone, and an answer would go out untagged, into a network that did not ask. All that is left
 * to know such a frame by is its packet type, the one that frames to another host's MAC have too (net/core/dev.c).
 */
public final class PacketWire implements LinkWire {
    /**
     * Classic BPF, as struct sock_filter (code, jt, jf, k): {@code ld type; jeq #PACKET_OTHERHOST, drop, take; take: ret
     * #-1; drop: ret #0}. type is SKF_AD_OFF + SKF_AD_PKTTYPE of linux/filter.h, PACKET_OTHERHOST of
     * linux/if_packet.h is 3; Linux 2.6.
     */
    private static final int[] NOT_OTHERHOST = {
        0x20, 0, 0, -0x1000 + 4, 0x15, 1, 0, 3, 0x06, 0, 0, -1, 0x06, 0, 0, 0,
    };

    /**
     * The same, and then next header 58 with ICMPv6 type 135 or 136: {@code ld type; jeq #PACKET_OTHERHOST, drop; ldb
     * [20]; jeq #58, next, drop; ldb [54]; jeq #135, take; jeq #136, take, drop; take: ret #-1; drop: ret #0}. A load
     * behind the end of the frame drops it.
     */
    private static final int[] SOLICITATION_OR_ADVERTISEMENT = {
        0x20, 0, 0, -0x1000 + 4,
        0x15, 6, 0, 3,
        0x30, 0, 0, NdpFlyweight.NEXT_HEADER_OFFSET,
        0x15, 0, 4, NdpFlyweight.ICMPV6,
        0x30, 0, 0, NdpFlyweight.TYPE_OFFSET,
        0x15, 1, 0, NdpFlyweight.SOLICITATION,
        0x15, 0, 1, NdpFlyweight.ADVERTISEMENT,
        0x06, 0, 0, -1,
        0x06, 0, 0, 0,
    };

    /** {@code ld type; jeq #PACKET_OTHERHOST, drop; ldh [20]; jeq #2, take, drop; take: ret #-1; drop: ret #0}. */
    private static final int[] ARP_REPLY = {
        0x20,
        0,
        0,
        -0x1000 + 4,
        0x15,
        3,
        0,
        3,
        0x28,
        0,
        0,
        ArpFlyweight.OPERATION_OFFSET,
        0x15,
        0,
        1,
        ArpFlyweight.REPLY,
        0x06,
        0,
        0,
        -1,
        0x06,
        0,
        0,
        0,
    };

    /** As {@link #SOLICITATION_OR_ADVERTISEMENT}, of advertisements alone. */
    private static final int[] ADVERTISEMENT = {
        0x20,
        0,
        0,
        -0x1000 + 4,
        0x15,
        5,
        0,
        3,
        0x30,
        0,
        0,
        NdpFlyweight.NEXT_HEADER_OFFSET,
        0x15,
        0,
        3,
        NdpFlyweight.ICMPV6,
        0x30,
        0,
        0,
        NdpFlyweight.TYPE_OFFSET,
        0x15,
        0,
        1,
        NdpFlyweight.ADVERTISEMENT,
        0x06,
        0,
        0,
        -1,
        0x06,
        0,
        0,
        0,
    };

    /** Of IPv4, in a frame. */
    private static final int PROTOCOL_OFFSET = 23;

    private final PacketSocket socket;
    private final ListenerReports reports;

    private PacketWire(PacketSocket socket, ListenerReports reports) {
        this.socket = socket;
        this.reports = reports;
    }

    /**
     * Opens a wire of an interface.
     *
     * @throws io.gatun.forwarder.sys.SysException EPERM without CAP_NET_RAW, ENODEV when there is no such interface
     */
    public static PacketWire open(int ifindex, NeighbourProtocol protocol) {
        PacketSocket socket = switch (protocol) {
            case ARP -> PacketSocket.open(Libc.system(), ifindex, ArpFlyweight.ETHERTYPE, NOT_OTHERHOST);
            case NDP ->
                PacketSocket.open(Libc.system(), ifindex, NdpFlyweight.ETHERTYPE, SOLICITATION_OR_ADVERTISEMENT);
        };
        return new PacketWire(socket, new ListenerReports(ifindex));
    }

    /**
     * Opens a wire of an interface that shows answers only: ARP replies, or neighbour advertisements.
     *
     * @throws io.gatun.forwarder.sys.SysException as {@link #open}
     */
    public static PacketWire openForAnswers(int ifindex, boolean ipv6) {
        PacketSocket socket = ipv6
                ? PacketSocket.open(Libc.system(), ifindex, NdpFlyweight.ETHERTYPE, ADVERTISEMENT)
                : PacketSocket.open(Libc.system(), ifindex, ArpFlyweight.ETHERTYPE, ARP_REPLY);
        return new PacketWire(socket, new ListenerReports(ifindex));
    }

    /**
     * Opens a wire of an interface for packets of one IP protocol that follow the IP header at once.
     *
     * @throws io.gatun.forwarder.sys.SysException as {@link #open}
     */
    public static PacketWire open(int ifindex, boolean ipv6, int protocol) {
        // ld type; jeq #PACKET_OTHERHOST, drop; ldb [protocol]; jeq #protocol, take, drop; take: ret #-1; drop: ret #0
        int[] filter = {
            0x20,
            0,
            0,
            -0x1000 + 4,
            0x15,
            3,
            0,
            3,
            0x30,
            0,
            0,
            ipv6 ? NdpFlyweight.NEXT_HEADER_OFFSET : PROTOCOL_OFFSET,
            0x15,
            0,
            1,
            protocol,
            0x06,
            0,
            0,
            -1,
            0x06,
            0,
            0,
            0,
        };
        int etherType = ipv6 ? PacketSocket.ETH_P_IPV6 : PacketSocket.ETH_P_IP;
        return new PacketWire(
                PacketSocket.open(Libc.system(), ifindex, etherType, filter), new ListenerReports(ifindex));
    }

    @Override
    public int receive(UnsafeBuffer buffer) {
        return socket.receive(buffer.byteBuffer());
    }

    @Override
    public int send(UnsafeBuffer buffer, int lengthBytes) {
        return socket.send(buffer.byteBuffer(), 0, lengthBytes);
    }

    @Override
    public int join(IpAddress group) {
        if (!group.isIpv4()) {
            reports.join(group); // of IPv4 only 224.0.0/24 is joined, which switches flood (RFC 4541 section 2.1.2)
        }
        return socket.join(MacAddress.ofGroup(group));
    }

    @Override
    public int leave(IpAddress group) {
        reports.leave(group);
        return socket.leave(MacAddress.ofGroup(group));
    }

    @Override
    public int descriptor() {
        return socket.descriptor();
    }

    @Override
    public void close() {
        reports.close();
        socket.close();
    }
}
