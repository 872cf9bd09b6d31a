package io.gatun.forwarder.raw;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.Memory;
import io.gatun.forwarder.sys.SysException;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** A packet(7) socket with the virtio-net header, bound to one interface. Non-blocking. */
final class RawSocket implements AutoCloseable {
    /** What may be on its way to the device: 64 super-frames, doubled by the kernel for its own accounting. */
    private static final int SEND_BUFFER_BYTES = 4 << 20;

    private final Libc libc;
    private final Fd fd;
    private final String what;
    private final UnsafeBuffer scratch = new UnsafeBuffer(Memory.allocate(32));

    private RawSocket(Libc libc, int interfaceIndex, String what) {
        this.libc = libc;
        this.what = what + " ifindex " + interfaceIndex;
        // Protocol 0 receives nothing.
        int type = AfPacket.SOCK_RAW | AfPacket.SOCK_NONBLOCK | AfPacket.SOCK_CLOEXEC;
        this.fd = Fd.own(libc, libc.socket(AfPacket.AF_PACKET, type, 0), "socket(" + this.what + ")");
    }

    /**
     * A socket that takes nothing until {@link #accept}.
     *
     * @throws SysException ENODEV without such a link, EPERM without CAP_NET_RAW and CAP_NET_ADMIN
     */
    static RawSocket receiving(Libc libc, RawSpec spec) {
        RawSocket socket = new RawSocket(libc, spec.interfaceIndex(), "AF_PACKET " + spec.interfaceName());
        try {
            SocketFilter.nothing().attach(libc, socket.fd(), socket.what);
            socket.option(AfPacket.SOL_PACKET, AfPacket.PACKET_IGNORE_OUTGOING, 1);
            socket.option(AfPacket.SOL_PACKET, AfPacket.PACKET_AUXDATA, 1);
            // The kernel doubles it for its own accounting.
            socket.option(AfPacket.SOL_SOCKET, AfPacket.SO_RCVBUFFORCE, spec.receiveBufferBytes() / 2);
            socket.prepareToSend();
            socket.bind(spec.interfaceIndex(), AfPacket.ETH_P_ALL);
            return socket;
        } catch (RuntimeException refused) {
            socket.close();
            throw refused;
        }
    }

    /** A socket that only sends. */
    static RawSocket sending(Libc libc, int interfaceIndex) {
        RawSocket socket = new RawSocket(libc, interfaceIndex, "AF_PACKET to send");
        try {
            socket.prepareToSend();
            socket.bind(interfaceIndex, 0);
            return socket;
        } catch (RuntimeException refused) {
            socket.close();
            throw refused;
        }
    }

    /** From now on frames that the filter lets through are received. */
    void accept(SocketFilter filter) {
        filter.attach(libc, fd.number(), what);
    }

    /**
     * Makes a fanout group and becomes its first member.
     *
     * @param mode PACKET_FANOUT_*
     * @return what other sockets say to {@link #joinGroup}
     */
    int makeGroup(int mode) {
        joinGroup((mode | AfPacket.PACKET_FANOUT_FLAG_UNIQUEID) << 16);
        read(AfPacket.SOL_PACKET, AfPacket.PACKET_FANOUT, Integer.BYTES);
        return (scratch.getInt(0) & 0xFFFF) | mode << 16;
    }

    void joinGroup(int group) {
        option(AfPacket.SOL_PACKET, AfPacket.PACKET_FANOUT, group);
    }

    /** Frames that the kernel had no room for since the last call. */
    int takeDrops() {
        // struct tpacket_stats: u32 packets, u32 drops; reading clears both.
        return read(AfPacket.SOL_PACKET, AfPacket.PACKET_STATISTICS, 2 * Integer.BYTES) == 0 ? scratch.getInt(4) : 0;
    }

    /**
     * Forgets what the link's going down or away left behind, which would end every poll(2) at once.
     *
     * @return whether there was something
     */
    boolean clearError() {
        return read(AfPacket.SOL_SOCKET, AfPacket.SO_ERROR, Integer.BYTES) == 0 && scratch.getInt(0) != 0;
    }

    int fd() {
        return fd.number();
    }

    @Override
    public void close() {
        fd.close();
    }

    @Override
    public String toString() {
        return what;
    }

    private void prepareToSend() {
        option(AfPacket.SOL_PACKET, AfPacket.PACKET_VNET_HDR, 1);
        option(AfPacket.SOL_SOCKET, AfPacket.SO_SNDBUFFORCE, SEND_BUFFER_BYTES);
    }

    private void bind(int interfaceIndex, int protocol) {
        scratch.setMemory(0, AfPacket.SOCKADDR_LL_BYTES, (byte) 0);
        scratch.putShort(0, (short) AfPacket.AF_PACKET);
        scratch.putShort(2, (short) protocol, ByteOrder.BIG_ENDIAN);
        scratch.putInt(4, interfaceIndex);
        int result = libc.bind(fd.number(), scratch.addressOffset(), AfPacket.SOCKADDR_LL_BYTES);
        // A link that is down is bound nevertheless, and heard when it comes up.
        if (result != -Errno.ENETDOWN) {
            SysException.check(result, "bind(" + what + ")");
        }
    }

    private void option(int level, int name, int value) {
        scratch.putInt(0, value);
        SysException.check(
                libc.setsockopt(fd.number(), level, name, scratch.addressOffset(), Integer.BYTES),
                "setsockopt(level " + level + ", option " + name + ", " + value + ", " + what + ")");
    }

    private int read(int level, int name, int bytes) {
        int lengthOffset = 16;
        scratch.putInt(lengthOffset, bytes);
        return libc.getsockopt(
                fd.number(), level, name, scratch.addressOffset(), scratch.addressOffset() + lengthOffset);
    }
}
