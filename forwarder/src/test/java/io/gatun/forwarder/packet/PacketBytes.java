package io.gatun.forwarder.packet;

import io.gatun.forwarder.packet.Packet.Sum;
import java.nio.ByteBuffer;

/** The bytes of a {@link Packet}, one header after the other. */
final class PacketBytes {
    private PacketBytes() {}

    static byte[] frame(Packet packet) {
        byte[] ip = ip(packet);
        int tags = packet.tags.length;
        int header = 14 + 4 * tags;
        ByteBuffer frame = ByteBuffer.allocate(Math.max(packet.paddedTo, header + ip.length));
        mac(frame, packet.destinationMac);
        mac(frame, packet.sourceMac);
        for (int i = 0; i < tags; i++) {
            frame.putShort((short) (i == 0 && tags > 1 ? 0x88A8 : 0x8100)).putShort((short) packet.tags[i]);
        }
        int etherType = packet.ipv6 ? 0x86DD : 0x0800;
        frame.putShort((short) (packet.etherType < 0 ? etherType : packet.etherType));
        return frame.put(ip).array();
    }

    static byte[] ip(Packet packet) {
        byte[] transport = transport(packet);
        return packet.ipv6 ? ipv6(packet, transport) : ipv4(packet, transport);
    }

    private static byte[] ipv4(Packet packet, byte[] transport) {
        int header = 20 + packet.ipOptions.length;
        int length = header + transport.length;
        ByteBuffer ip = ByteBuffer.allocate(length);
        int version = packet.version < 0 ? 4 : packet.version;
        ip.put((byte) (version << 4 | header / 4)).put((byte) packet.trafficClass);
        ip.putShort((short) (packet.totalLength < 0 ? length : packet.totalLength));
        ip.putShort((short) packet.identification).putShort((short) packet.fragment);
        ip.put((byte) packet.ttl).put((byte) packet.wireProtocol).putShort((short) 0);
        ip.putInt((int) packet.sourceLow).putInt((int) packet.destinationLow);
        ip.put(packet.ipOptions).put(transport);
        int checksum = new NaiveChecksum().add(ip.array(), 0, header).checksum();
        return ip.putShort(10, (short) checksum).array();
    }

    private static byte[] ipv6(Packet packet, byte[] transport) {
        int between = extensionLength(packet) + (packet.fragmentHeader ? 8 : 0);
        int length = between + transport.length;
        ByteBuffer ip = ByteBuffer.allocate(40 + length);
        int version = packet.version < 0 ? 6 : packet.version;
        ip.putInt(version << 28 | packet.trafficClass << 20 | packet.flowLabel);
        ip.putShort((short) (packet.totalLength < 0 ? length : packet.totalLength));
        ip.put((byte) number(packet, 0)).put((byte) packet.ttl);
        ip.putLong(packet.sourceHigh).putLong(packet.sourceLow);
        ip.putLong(packet.destinationHigh).putLong(packet.destinationLow);
        for (int i = 0; i < packet.extensions.size(); i++) {
            byte[] extension = packet.extensions.get(i);
            int bytes = extension.length + 1;
            boolean authentication = extension[0] == 51; // counts in words of four, without two
            ip.put((byte) number(packet, i + 1)).put((byte) (authentication ? bytes / 4 - 2 : bytes / 8 - 1));
            ip.put(extension, 1, extension.length - 1);
        }
        if (packet.fragmentHeader) {
            ip.put((byte) packet.wireProtocol).put((byte) 0);
            ip.putShort((short) ((packet.fragment & 0x1FFF) << 3 | (packet.fragment >>> 13 & 1)));
            ip.putInt(packet.identification);
        }
        return ip.put(transport).array();
    }

    /** The number of extension header {@code i}, or of what follows them. */
    private static int number(Packet packet, int i) {
        if (i < packet.extensions.size()) {
            return packet.extensions.get(i)[0];
        }
        return packet.fragmentHeader ? 44 : packet.wireProtocol;
    }

    static int extensionLength(Packet packet) {
        int length = 0;
        for (byte[] extension : packet.extensions) {
            length += extension.length + 1;
        }
        return length;
    }

    static byte[] transport(Packet packet) {
        if (packet.transport != null) {
            return packet.transport.clone();
        }
        return switch (packet.protocol) {
            case 6 -> tcp(packet);
            case 17 -> udp(packet);
            case 1, 58 -> icmp(packet);
            case 132 -> sctp(packet);
            default -> packet.payload.clone();
        };
    }

    private static byte[] tcp(Packet packet) {
        int header = 20 + packet.tcpOptions.length;
        ByteBuffer segment = ByteBuffer.allocate(header + packet.payload.length);
        segment.putShort((short) packet.sourcePort).putShort((short) packet.destinationPort);
        segment.putInt(packet.sequence).putInt(packet.acknowledgment);
        int dataOffset = packet.dataOffset < 0 ? header / 4 : packet.dataOffset;
        segment.put((byte) (dataOffset << 4)).put((byte) packet.flags);
        segment.putShort((short) packet.window).putShort((short) 0).putShort((short) 0);
        segment.put(packet.tcpOptions).put(packet.payload);
        segment.putShort(16, (short) checksum(packet, segment.array(), segment.capacity()));
        return segment.array();
    }

    private static byte[] udp(Packet packet) {
        ByteBuffer datagram = ByteBuffer.allocate(8 + packet.payload.length);
        int length = packet.udpLength < 0 ? datagram.capacity() : packet.udpLength;
        datagram.putShort((short) packet.sourcePort).putShort((short) packet.destinationPort);
        datagram.putShort((short) length).putShort((short) 0).put(packet.payload);
        int checksum =
                packet.sum == Sum.NONE ? 0 : checksum(packet, datagram.array(), Math.min(length, datagram.capacity()));
        datagram.putShort(6, (short) (checksum == 0 && packet.sum == Sum.COMPLETE ? 0xFFFF : checksum));
        return datagram.array();
    }

    private static byte[] icmp(Packet packet) {
        ByteBuffer message = ByteBuffer.allocate(8 + packet.payload.length);
        message.put((byte) packet.icmpType).put((byte) packet.icmpCode).putShort((short) 0);
        message.putInt(packet.icmpRest).put(packet.payload);
        message.putShort(2, (short) checksum(packet, message.array(), message.capacity()));
        return message.array();
    }

    private static byte[] sctp(Packet packet) {
        ByteBuffer message = ByteBuffer.allocate(12 + packet.payload.length);
        message.putShort((short) packet.sourcePort).putShort((short) packet.destinationPort);
        message.putInt(packet.verificationTag).putInt(0).put(packet.payload);
        int crc = NaiveCrc32c.of(message.array(), 0, message.capacity());
        boolean left = packet.sum == Sum.PARTIAL || packet.sum == Sum.NONE;
        int field = left ? 0 : packet.sum == Sum.WRONG ? crc ^ 1 : crc;
        return message.putInt(8, Integer.reverseBytes(field)).array();
    }

    private static int checksum(Packet packet, byte[] segment, int length) {
        NaiveChecksum sum = new NaiveChecksum();
        if (packet.ipv6) {
            sum.pseudoHeader6(
                    packet.sourceHigh,
                    packet.sourceLow,
                    packet.destinationHigh,
                    packet.destinationLow,
                    packet.protocol,
                    length);
        } else if (packet.protocol != 1) {
            sum.pseudoHeader((int) packet.sourceLow, (int) packet.destinationLow, packet.protocol, length);
        }
        if (packet.sum == Sum.PARTIAL) {
            return sum.sum();
        }
        int complete = sum.add(segment, 0, length).checksum();
        return packet.sum == Sum.WRONG ? complete + 1 & 0xFFFF : complete;
    }

    private static void mac(ByteBuffer frame, long mac) {
        frame.putShort((short) (mac >>> 32)).putInt((int) mac);
    }
}
