package io.gatun.forwarder.agent;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** TCP segments without payload in Ethernet frames, of both families, made and read by hand. */
final class HandMadeFrame {
    static final int SYN = 0x02;
    static final int SYN_ACK = 0x12;

    private static final int ETHERNET_BYTES = 14;
    private static final int TCP_BYTES = 20;
    private static final int TCP = 6;

    private HandMadeFrame() {}

    /** A SYN, as a direct buffer from 0 to limit. */
    static ByteBuffer syn(
            long toMac, long fromMac, InetAddress source, int sourcePort, InetAddress destination, int port) {
        ByteBuffer frame = ByteBuffer.allocateDirect(128);
        frame.putShort((short) (toMac >>> 32)).putInt((int) toMac);
        frame.putShort((short) (fromMac >>> 32)).putInt((int) fromMac);
        if (source instanceof Inet4Address) {
            frame.putShort((short) 0x0800).put((byte) 0x45).put((byte) 0).putShort((short) (20 + TCP_BYTES));
            frame.putInt(0x4000).put((byte) 64).put((byte) TCP).putShort((short) 0);
        } else {
            frame.putShort((short) 0x86dd).putInt(0x6000_0000).putShort((short) TCP_BYTES);
            frame.put((byte) TCP).put((byte) 64);
        }
        int addresses = frame.position();
        frame.put(source.getAddress()).put(destination.getAddress());
        int tcp = frame.position();
        if (source instanceof Inet4Address) {
            frame.putShort(ETHERNET_BYTES + 10, (short) ~sum(frame, ETHERNET_BYTES, tcp, 0));
        }
        frame.putShort((short) sourcePort).putShort((short) port).putInt(1_000).putInt(0);
        frame.put((byte) 0x50).put((byte) SYN).putShort((short) 0xffff).putInt(0);
        frame.putShort(tcp + 16, (short) ~sum(frame, addresses, tcp + TCP_BYTES, TCP + TCP_BYTES));
        return frame.flip();
    }

    /** {@code SOURCE:PORT > DESTINATION:PORT flags}, or empty when the frame has no TCP. */
    static String describe(ByteBuffer frame) {
        int type = Short.toUnsignedInt(frame.getShort(12));
        boolean ipv4 = type == 0x0800 && frame.get(ETHERNET_BYTES + 9) == TCP;
        boolean ipv6 = type == 0x86dd && frame.get(ETHERNET_BYTES + 6) == TCP;
        if (!ipv4 && !ipv6) {
            return "";
        }
        int tcp = ETHERNET_BYTES + (ipv4 ? 20 : 40);
        int bytes = ipv4 ? 4 : 16;
        String source = address(frame, tcp - 2 * bytes, bytes);
        String destination = address(frame, tcp - bytes, bytes);
        return "%s:%d > %s:%d 0x%02x"
                .formatted(
                        source,
                        Short.toUnsignedInt(frame.getShort(tcp)),
                        destination,
                        Short.toUnsignedInt(frame.getShort(tcp + 2)),
                        frame.get(tcp + 13) & 0x3f);
    }

    static long destinationMac(ByteBuffer frame) {
        return Short.toUnsignedLong(frame.getShort(0)) << 32 | Integer.toUnsignedLong(frame.getInt(2));
    }

    private static String address(ByteBuffer frame, int offset, int bytes) {
        byte[] address = new byte[bytes];
        frame.get(offset, address);
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static int sum(ByteBuffer frame, int from, int to, int more) {
        int sum = more;
        for (int i = from; i < to; i += 2) {
            sum += Short.toUnsignedInt(frame.getShort(i));
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return (sum & 0xffff) + (sum >>> 16);
    }
}
