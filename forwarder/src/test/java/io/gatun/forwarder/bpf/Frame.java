package io.gatun.forwarder.bpf;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Frames for tests, from the outside in: an Ethernet frame around an IPv4 packet around a payload. */
record Frame(int macFirstByte, int etherType, Packet packet) {
    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;

    static Frame of(Packet packet) {
        return new Frame(2, 0x0800, packet);
    }

    Frame toGroup() {
        return new Frame(1, etherType, packet);
    }

    Frame as(int otherEtherType) {
        return new Frame(macFirstByte, otherEtherType, packet);
    }

    byte[] bytes() {
        byte[] ip = packet.bytes();
        ByteBuffer frame = ByteBuffer.allocate(14 + ip.length);
        frame.put((byte) macFirstByte).put(new byte[] {0, 0, 0, 0, 1});
        frame.put(new byte[] {2, 0, 0, 0, 0, 2});
        return frame.putShort((short) etherType).put(ip).array();
    }

    byte[] bytes(int length) {
        return Arrays.copyOf(bytes(), length);
    }

    /** An IPv4 packet; {@code fragment} is the 16-bit field of flags and offset. */
    record Packet(String source, String destination, int protocol, int optionBytes, int fragment, ByteBuffer payload) {
        static Packet tcp(String source, int sourcePort, String destination, int port) {
            return l4(TCP, source, sourcePort, destination, port, 20);
        }

        static Packet udp(String source, int sourcePort, String destination, int port) {
            return l4(UDP, source, sourcePort, destination, port, 8);
        }

        static Packet icmp(String source, String destination, int type, int id) {
            ByteBuffer payload = ByteBuffer.allocate(16).put((byte) type).putShort(4, (short) id);
            return new Packet(source, destination, ICMP, 0, 0, payload);
        }

        /** An ICMP error that quotes the header and 8 bytes of a packet. */
        static Packet error(String source, String destination, int type, Packet quoted) {
            byte[] whole = quoted.bytes();
            int length = Math.min(whole.length, 28 + quoted.optionBytes);
            ByteBuffer payload =
                    ByteBuffer.allocate(8 + length).put(0, (byte) type).put(8, whole, 0, length);
            return new Packet(source, destination, ICMP, 0, 0, payload);
        }

        Packet options(int bytes) {
            return new Packet(source, destination, protocol, bytes, fragment, payload);
        }

        Packet fragment(int field) {
            return new Packet(source, destination, protocol, optionBytes, field, payload);
        }

        Packet protocol(int other) {
            return new Packet(source, destination, other, optionBytes, fragment, payload);
        }

        byte[] bytes() {
            int header = 20 + optionBytes;
            ByteBuffer packet = ByteBuffer.allocate(header + payload.capacity());
            packet.put(0, (byte) (0x40 | header / 4));
            packet.putShort(2, (short) packet.capacity());
            packet.putShort(6, (short) fragment);
            packet.put(8, (byte) 64).put(9, (byte) protocol);
            packet.put(12, address(source).getAddress())
                    .put(16, address(destination).getAddress());
            return packet.put(header, payload, 0, payload.capacity()).array();
        }

        private static Packet l4(int protocol, String source, int sourcePort, String destination, int port, int size) {
            ByteBuffer payload =
                    ByteBuffer.allocate(size).putShort((short) sourcePort).putShort((short) port);
            return new Packet(source, destination, protocol, 0, 0, payload);
        }
    }

    static Inet4Address address(String text) {
        try {
            return (Inet4Address) InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
