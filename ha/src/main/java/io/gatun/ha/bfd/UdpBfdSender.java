package io.gatun.ha.bfd;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.NativeSocket;
import io.gatun.forwarder.sys.SysException;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * A socket of one session, with a source port that no other session of the host has (RFC 5881 section 4) and the hop limit
 * 255. Nothing is read from it: peers send to port 3784.
 */
final class UdpBfdSender implements BfdSender {
    /** The range of RFC 5881 section 4. */
    static final int SOURCE_PORT_MIN = 49_152;

    static final int SOURCE_PORT_MAX = 65_535;

    private static final int ATTEMPTS_MAX = 100;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    /** Options of linux/in.h and linux/in6.h. */
    private static final int SOL_IP = 0;

    private static final int IP_TOS = 1;
    private static final int IP_TTL = 2;
    private static final int SOL_IPV6 = 41;
    private static final int IPV6_UNICAST_HOPS = 16;
    private static final int IPV6_TCLASS = 67;
    /** CS6, network control: switches that honour it drop bulk traffic first. */
    private static final int DSCP_CS6 = 48 << 2;

    private final NativeSocket socket;
    private final ByteBuffer to;

    private UdpBfdSender(NativeSocket socket, ByteBuffer to) {
        this.socket = socket;
        this.to = to;
    }

    /** @throws SysException EADDRNOTAVAIL when the local address is not this host's */
    static UdpBfdSender open(Libc libc, BfdPeerConfig config, RandomGenerator random) {
        String what = "bfd, to " + config.peer().getHostAddress();
        int family = BfdAddresses.family(config.peer());
        NativeSocket socket = NativeSocket.open(libc, family, SOCK_DGRAM, 0, what);
        try {
            if (family == BfdAddresses.AF_INET6) {
                SysException.check(socket.option(SOL_IPV6, IPV6_UNICAST_HOPS, 255), "setsockopt(IPV6_UNICAST_HOPS)");
                SysException.check(socket.option(SOL_IPV6, IPV6_TCLASS, DSCP_CS6), "setsockopt(IPV6_TCLASS)");
            } else {
                SysException.check(socket.option(SOL_IP, IP_TTL, 255), "setsockopt(IP_TTL)");
                SysException.check(socket.option(SOL_IP, IP_TOS, DSCP_CS6), "setsockopt(IP_TOS)");
            }
            // The kernel raises it to its least: what strays here is dropped soon.
            SysException.check(socket.option(SOL_SOCKET, SO_RCVBUF, 1), "setsockopt(SO_RCVBUF)");
            bind(socket, config, random);
            return new UdpBfdSender(socket, BfdAddresses.sockaddr(config.peer(), BfdReceiver.PORT));
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static void bind(NativeSocket socket, BfdPeerConfig config, RandomGenerator random) {
        int result = -Errno.EADDRINUSE;
        for (int i = 0; i < ATTEMPTS_MAX && result == -Errno.EADDRINUSE; i++) {
            int port = random.nextInt(SOURCE_PORT_MIN, SOURCE_PORT_MAX + 1);
            result = socket.bind(BfdAddresses.sockaddr(config.local(), port));
        }
        SysException.check(
                result,
                "bind(bfd, local=" + config.local().getHostAddress() + ", a port in " + SOURCE_PORT_MIN + "-"
                        + SOURCE_PORT_MAX + ")");
    }

    @Override
    public int send(ByteBuffer packet) {
        return socket.sendTo(packet, packet.capacity(), to);
    }

    @Override
    public void close() {
        socket.close();
    }
}
