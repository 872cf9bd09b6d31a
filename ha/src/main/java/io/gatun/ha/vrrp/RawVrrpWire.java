package io.gatun.ha.vrrp;

import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.Memory;
import io.gatun.forwarder.sys.NativeSocket;
import io.gatun.forwarder.sys.SysException;
import io.gatun.ha.wire.IpAddress;
import io.gatun.ha.wire.MacAddress;
import io.gatun.ha.wire.PacketWire;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends through a raw(7) socket and receives through AF_PACKET. The raw socket is bound to our address: that makes it the
 * source, and while it is open the kernel answers no advert to us with "protocol unreachable". What it receives itself is
 * nobody's concern.
 */
final class RawVrrpWire implements VrrpWire {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_RAW = 3;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int SO_BINDTODEVICE = 25;

    /** linux/in.h. */
    private static final int SOL_IP = 0;

    private static final int IP_TOS = 1;
    private static final int IP_TTL = 2;
    private static final int IP_MULTICAST_TTL = 33;
    private static final int IP_MULTICAST_LOOP = 34;

    /** linux/in6.h. */
    private static final int SOL_IPV6 = 41;

    private static final int IPV6_UNICAST_HOPS = 16;
    private static final int IPV6_MULTICAST_HOPS = 18;
    private static final int IPV6_MULTICAST_LOOP = 19;
    private static final int IPV6_TCLASS = 67;

    private static final int TTL = 255;
    /** CS6, network control (RFC 4594 section 3.2). */
    private static final int NETWORK_CONTROL = 0xc0;

    /** struct sockaddr_in and sockaddr_in6 of linux/in.h and linux/in6.h. */
    private static final int SOCKADDR_IN_BYTES = 16;

    private static final int SOCKADDR_IN6_BYTES = 28;
    private static final int ADDRESS_OFFSET = 4;
    private static final int ADDRESS6_OFFSET = 8;
    private static final int SCOPE_OFFSET = 24;

    private final PacketWire received;
    private final NativeSocket sender;
    private final AddressProbe probe;
    private final IpAddress source;
    private final ByteBuffer destination;

    private RawVrrpWire(
            PacketWire received, NativeSocket sender, AddressProbe probe, IpAddress source, ByteBuffer destination) {
        this.received = received;
        this.sender = sender;
        this.probe = probe;
        this.source = source;
        this.destination = destination;
    }

    /**
     * Opens it.
     *
     * @param source an address of the interface
     * @param group joined
     * @param mac of the interface, null when it has none
     * @throws SysException EPERM without CAP_NET_RAW, ENODEV without such an interface, EADDRNOTAVAIL when the source is
     *     not there (yet)
     */
    static RawVrrpWire open(String interfaceName, int ifindex, IpAddress source, IpAddress group, MacAddress mac) {
        boolean ipv6 = !source.isIpv4();
        PacketWire received = PacketWire.open(ifindex, ipv6, VrrpFlyweight.PROTOCOL);
        AddressProbe probe = null;
        try {
            SysException.check(received.join(group), "join " + group + " on " + interfaceName);
            probe = mac == null ? null : new AddressProbe(PacketWire.openForAnswers(ifindex, ipv6), source, mac.bits());
            NativeSocket sender = sender(interfaceName, ifindex, source);
            return new RawVrrpWire(received, sender, probe, source, address(ipv6, ifindex));
        } catch (RuntimeException refused) {
            CloseHelper.closeAll(probe, received);
            throw refused;
        }
    }

    private static NativeSocket sender(String interfaceName, int ifindex, IpAddress source) {
        boolean ipv6 = !source.isIpv4();
        String what = "VRRP from " + source + " on " + interfaceName;
        NativeSocket socket =
                NativeSocket.open(Libc.system(), ipv6 ? AF_INET6 : AF_INET, SOCK_RAW, VrrpFlyweight.PROTOCOL, what);
        try {
            byte[] name = interfaceName.getBytes(StandardCharsets.US_ASCII);
            ByteBuffer device = Memory.allocate(name.length).put(0, name);
            SysException.check(socket.option(SOL_SOCKET, SO_BINDTODEVICE, device), "SO_BINDTODEVICE(" + what + ")");
            socket.option(SOL_SOCKET, SO_RCVBUF, 0);
            if (ipv6) {
                option(socket, SOL_IPV6, IPV6_UNICAST_HOPS, TTL, what);
                option(socket, SOL_IPV6, IPV6_MULTICAST_HOPS, TTL, what);
                option(socket, SOL_IPV6, IPV6_MULTICAST_LOOP, 0, what);
                option(socket, SOL_IPV6, IPV6_TCLASS, NETWORK_CONTROL, what);
            } else {
                option(socket, SOL_IP, IP_TTL, TTL, what);
                option(socket, SOL_IP, IP_MULTICAST_TTL, TTL, what);
                option(socket, SOL_IP, IP_MULTICAST_LOOP, 0, what);
                option(socket, SOL_IP, IP_TOS, NETWORK_CONTROL, what);
            }
            SysException.check(socket.bind(to(address(ipv6, ifindex), source)), "bind(" + what + ")");
            return socket;
        } catch (RuntimeException refused) {
            socket.close();
            throw refused;
        }
    }

    private static void option(NativeSocket socket, int level, int name, int value, String what) {
        SysException.check(socket.option(level, name, value), "setsockopt(" + level + ", " + name + ", " + what + ")");
    }

    private static ByteBuffer address(boolean ipv6, int ifindex) {
        ByteBuffer address = Memory.allocate(ipv6 ? SOCKADDR_IN6_BYTES : SOCKADDR_IN_BYTES);
        address.putShort(0, (short) (ipv6 ? AF_INET6 : AF_INET));
        if (ipv6) {
            address.putInt(SCOPE_OFFSET, ifindex);
        }
        // Addresses are written big-endian from here on; what is above is in host order.
        return address.order(ByteOrder.BIG_ENDIAN);
    }

    private static ByteBuffer to(ByteBuffer sockaddr, IpAddress address) {
        return address.isIpv4()
                ? sockaddr.putInt(ADDRESS_OFFSET, address.ipv4())
                : sockaddr.putLong(ADDRESS6_OFFSET, address.high())
                        .putLong(ADDRESS6_OFFSET + Long.BYTES, address.low());
    }

    @Override
    public IpAddress source() {
        return source;
    }

    @Override
    public int receive(UnsafeBuffer frame) {
        return received.receive(frame);
    }

    @Override
    public int send(UnsafeBuffer advert, int lengthBytes, IpAddress peer) {
        return sender.sendTo(advert.byteBuffer(), lengthBytes, to(destination, peer));
    }

    @Override
    public AddressProbe probe() {
        return probe;
    }

    @Override
    public int descriptor() {
        return received.descriptor();
    }

    @Override
    public void close() {
        CloseHelper.closeAll(sender, probe, received);
    }
}
