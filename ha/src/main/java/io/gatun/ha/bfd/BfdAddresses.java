package io.gatun.ha.bfd;

import io.gatun.forwarder.sys.Memory;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Socket addresses as the kernel has them, struct sockaddr_in and sockaddr_in6 of linux/in.h and linux/in6.h. */
final class BfdAddresses {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int PORT_OFFSET = 2;
    static final int ADDRESS_OFFSET = 4;
    static final int ADDRESS6_OFFSET = 8;
    static final int SCOPE6_OFFSET = 24;
    static final int SOCKADDR_IN_BYTES = 16;
    static final int SOCKADDR_IN6_BYTES = 28;

    private BfdAddresses() {}

    static int family(InetAddress address) {
        return address instanceof Inet6Address ? AF_INET6 : AF_INET;
    }

    /** The zone of a link-local address; 0 of others, for which the kernel has none either. */
    static int scope(InetAddress address) {
        return address instanceof Inet6Address zoned && address.isLinkLocalAddress() ? zoned.getScopeId() : 0;
    }

    static ByteBuffer sockaddr(InetAddress address, int port) {
        boolean ipv6 = address instanceof Inet6Address;
        ByteBuffer sockaddr = Memory.allocate(ipv6 ? SOCKADDR_IN6_BYTES : SOCKADDR_IN_BYTES);
        sockaddr.putShort(0, (short) family(address));
        sockaddr.order(ByteOrder.BIG_ENDIAN).putShort(PORT_OFFSET, (short) port).order(ByteOrder.nativeOrder());
        sockaddr.put(ipv6 ? ADDRESS6_OFFSET : ADDRESS_OFFSET, address.getAddress());
        return ipv6 ? sockaddr.putInt(SCOPE6_OFFSET, scope(address)) : sockaddr;
    }
}
