package io.gatun.ha.wire;

import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.PacketSocket;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * ARP of one interface through an AF_PACKET socket (packet(7)). The host's own stack keeps seeing every frame.
 *
 * <p>The socket takes no frame that came in a VLAN which the host does not have: the kernel shows it on the parent
 * interface with its tag gone, and an answer would go out untagged, into a network that did not ask. All that is left
 * to know such a frame by is its packet type, the one that frames to another host's MAC have too (net/core/dev.c).
 */
public final class PacketArpWire implements ArpWire {
    /**
     * Classic BPF, as struct sock_filter (code, jt, jf, k): {@code ld type; jeq #PACKET_OTHERHOST, drop, take; take: ret
     * #-1; drop: ret #0}. type is SKF_AD_OFF + SKF_AD_PKTTYPE of linux/filter.h, PACKET_OTHERHOST of
     * linux/if_packet.h is 3; Linux 2.6.
     */
    private static final int[] NOT_OTHERHOST = {
        0x20, 0, 0, -0x1000 + 4, 0x15, 1, 0, 3, 0x06, 0, 0, -1, 0x06, 0, 0, 0,
    };

    private final PacketSocket socket;

    private PacketArpWire(PacketSocket socket) {
        this.socket = socket;
    }

    /**
     * Opens the wire of an interface.
     *
     * @throws io.gatun.forwarder.sys.SysException EPERM without CAP_NET_RAW, ENODEV when there is no such interface
     */
    public static PacketArpWire open(int ifindex) {
        return new PacketArpWire(PacketSocket.open(Libc.system(), ifindex, ArpFlyweight.ETHERTYPE, NOT_OTHERHOST));
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
    public int descriptor() {
        return socket.descriptor();
    }

    @Override
    public void close() {
        socket.close();
    }
}
