package io.gatun.bench.traffic;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An Ethernet frame with a UDP datagram in it, the smallest of 60 bytes here, 64 on a wire with the FCS that a NIC adds.
 * When it is timed the time at which it was due is in it, and the same inverted, so that no checksum changes.
 *
 * <pre>
 *   0        6        12    14              34             42          46      52       58
 *   +--------+--------+-----+---------------+--------------+-----------+-------+--------+------+
 *   | to MAC |from MAC|0800 | IPv4, TTL 64  | UDP          | flow, LE  | ns    | ~ns    | zero |
 *   +--------+--------+-----+---------------+--------------+-----------+-------+--------+------+
 * </pre>
 */
public final class UdpFrame {
    public static final int BYTES = 60;

    static final int ETHERTYPE = 12;
    static final int IP = 14;
    static final int PROTOCOL = 23;
    static final int SOURCE = 26;
    static final int DESTINATION = 30;
    static final int UDP = 34;
    static final int SOURCE_PORT = 34;
    static final int DESTINATION_PORT = 36;
    static final int UDP_CHECKSUM = 40;
    static final int FLOW = 42;
    /** 48 bits, little-endian. */
    static final int DUE_NS = 46;

    static final int DUE_NS_INVERTED = 52;
    static final int IP_CHECKSUM = 24;

    private static final int IP_BYTES = 20;
    private static final int UDP_PROTOCOL = 17;
    private static final int MAC_BYTES = 6;

    private UdpFrame() {}

    /** Frame of the {@code flow}th flow, counted from 0, with both checksums complete. */
    public static byte[] of(TrafficSpec spec, int flow) {
        ByteBuffer frame = ByteBuffer.allocate(spec.frames().bytes());
        int number = spec.firstFlow() + flow;
        frame.put(mac(spec.destinationMac())).put(mac(spec.sourceMac())).putShort((short) 0x0800);
        frame.putShort((short) 0x4500).putShort((short) (spec.frames().bytes() - IP));
        frame.putInt(0x0000_4000); // identification 0, do not fragment
        frame.put((byte) 64).put((byte) UDP_PROTOCOL).putShort((short) 0);
        frame.putInt(source(spec, number)).put(spec.destination().getAddress());
        frame.putShort((short) (spec.firstPort() + number % TrafficSpec.PORTS))
                .putShort((short) spec.destinationPort());
        frame.putShort((short) (spec.frames().bytes() - UDP)).putShort((short) 0);
        frame.order(ByteOrder.LITTLE_ENDIAN).putInt(number).order(ByteOrder.BIG_ENDIAN);
        frame.putShort(IP_CHECKSUM, (short) ~sum(frame, IP, IP_BYTES, 0));
        int udpSum = udpSum(frame);
        frame.putShort(UDP_CHECKSUM, (short) (udpSum == 0xFFFF ? udpSum : ~udpSum));
        return frame.array();
    }

    private static int source(TrafficSpec spec, int number) {
        return ByteBuffer.wrap(spec.source().getAddress()).getInt() + number / TrafficSpec.PORTS;
    }

    /** Whether both checksums of a received frame are right; a UDP checksum of zero is not. */
    static boolean checksumsHold(byte[] bytes) {
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        return sum(frame, IP, IP_BYTES, 0) == 0xFFFF && frame.getShort(UDP_CHECKSUM) != 0 && udpSum(frame) == 0xFFFF;
    }

    /** {@code 192.0.2.1:1024 > 192.0.2.2:80 ttl 64}. */
    static String describe(byte[] bytes) {
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        return address(bytes, SOURCE) + ":" + port(frame, SOURCE_PORT) + " > " + address(bytes, DESTINATION) + ":"
                + port(frame, DESTINATION_PORT) + " protocol " + bytes[PROTOCOL] + " ttl " + (bytes[IP + 8] & 0xFF);
    }

    /** The 32 bits of an address as a little-endian load of the packet sees them. */
    static int loaded(Inet4Address address) {
        return ByteBuffer.wrap(address.getAddress())
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
    }

    /** The 16 bits of a port as a little-endian load of the packet sees them. */
    static int loaded(int port) {
        return (port & 0xFF) << 8 | port >>> 8;
    }

    static byte[] mac(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != MAC_BYTES) {
            throw new IllegalArgumentException("mac=" + text + ", write it as 02:00:00:00:00:01");
        }
        byte[] mac = new byte[MAC_BYTES];
        for (int i = 0; i < MAC_BYTES; i++) {
            mac[i] = (byte) Integer.parseInt(parts[i], 16);
        }
        return mac;
    }

    private static int udpSum(ByteBuffer frame) {
        int length = frame.getShort(UDP + 4) & 0xFFFF;
        int pseudo = sum(frame, SOURCE, 8, UDP_PROTOCOL + length);
        return sum(frame, UDP, Math.min(length, frame.capacity() - UDP), pseudo);
    }

    /** RFC 1071, folded, not complemented. */
    static int sum(ByteBuffer frame, int offset, int length, int start) {
        int sum = start;
        for (int i = 0; i < length; i += 2) {
            sum += frame.getShort(offset + i) & 0xFFFF;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return sum;
    }

    private static String address(byte[] bytes, int offset) {
        try {
            byte[] address = {bytes[offset], bytes[offset + 1], bytes[offset + 2], bytes[offset + 3]};
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    private static int port(ByteBuffer frame, int offset) {
        return frame.getShort(offset) & 0xFFFF;
    }
}
