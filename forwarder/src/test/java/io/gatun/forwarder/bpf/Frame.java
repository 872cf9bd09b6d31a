package io.gatun.forwarder.bpf;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Frames for tests, from the outside in: an Ethernet frame, VLAN tags, an IP packet of either version, a payload. */
record Frame(int macFirstByte, List<Integer> tags, int etherType, Packet packet) {
    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int FRAGMENT = 44;
    static final int ICMPV6 = 58;
    static final int SCTP = 132;

    static Frame of(Packet packet) {
        return new Frame(2, List.of(), packet.isIpv6() ? 0x86dd : 0x0800, packet);
    }

    Frame toGroup() {
        return new Frame(1, tags, etherType, packet);
    }

    Frame as(int otherEtherType) {
        return new Frame(macFirstByte, tags, otherEtherType, packet);
    }

    /** With one more tag inside those that are there: 0x8100 or 0x88a8. */
    Frame tagged(int tag) {
        List<Integer> more = new ArrayList<>(tags);
        more.add(tag);
        return new Frame(macFirstByte, more, etherType, packet);
    }

    byte[] bytes() {
        byte[] ip = packet.bytes();
        ByteBuffer frame = ByteBuffer.allocate(14 + 4 * tags.size() + ip.length);
        frame.put((byte) macFirstByte).put(new byte[] {0, 0, 0, 0, 1});
        frame.put(new byte[] {2, 0, 0, 0, 0, 2});
        for (int tag : tags) {
            frame.putShort((short) tag).putShort((short) 7);
        }
        return frame.putShort((short) etherType).put(ip).array();
    }

    byte[] bytes(int length) {
        return Arrays.copyOf(bytes(), length);
    }

    /** An IPv6 extension header; the first byte of the body is overwritten by the next header. */
    record Extension(int type, ByteBuffer body) {
        static Extension options(int type, int bytes) {
            return new Extension(type, ByteBuffer.allocate(bytes).put(1, (byte) (bytes / 8 - 1)));
        }
    }

    /**
     * An IP packet.
     *
     * @param optionBytes of IPv4, a multiple of 4
     * @param fragment of IPv4 the 16-bit field of flags and offset
     * @param id identification of IPv4
     * @param extensions of IPv6
     */
    record Packet(
            String source,
            String destination,
            int protocol,
            int optionBytes,
            int fragment,
            int id,
            List<Extension> extensions,
            ByteBuffer payload) {
        private static final int MORE = 1;

        static Packet tcp(String source, int sourcePort, String destination, int port) {
            return l4(TCP, source, sourcePort, destination, port, 20);
        }

        static Packet udp(String source, int sourcePort, String destination, int port) {
            return l4(UDP, source, sourcePort, destination, port, 8);
        }

        static Packet sctp(String source, int sourcePort, String destination, int port) {
            return l4(SCTP, source, sourcePort, destination, port, 16);
        }

        static Packet icmp(String source, String destination, int type, int id) {
            ByteBuffer payload = ByteBuffer.allocate(16).put((byte) type).putShort(4, (short) id);
            return plain(source, destination, icmp(source), payload);
        }

        /** An ICMP error that quotes the headers and 8 bytes of a packet. */
        static Packet error(String source, String destination, int type, Packet quoted) {
            byte[] whole = quoted.bytes();
            int length = Math.min(whole.length, quoted.headerBytes() + 8);
            ByteBuffer payload =
                    ByteBuffer.allocate(8 + length).put(0, (byte) type).put(8, whole, 0, length);
            return plain(source, destination, icmp(source), payload);
        }

        Packet options(int bytes) {
            return new Packet(source, destination, protocol, bytes, fragment, id, extensions, payload);
        }

        Packet protocol(int other) {
            return new Packet(source, destination, other, optionBytes, fragment, id, extensions, payload);
        }

        /** An IPv6 extension header with options, behind those that are there. */
        Packet extended(int type, int bytes) {
            return extended(Extension.options(type, bytes));
        }

        /** IPv4 or IPv6, from the offset in units of 8 bytes. */
        Packet fragment(int offset, boolean more, int identification) {
            if (!isIpv6()) {
                int field = offset | (more ? 0x2000 : 0);
                return new Packet(
                        source, destination, protocol, optionBytes, field, identification, extensions, payload);
            }
            ByteBuffer body = ByteBuffer.allocate(8);
            body.putShort(2, (short) (offset << 3 | (more ? MORE : 0))).putInt(4, identification);
            return extended(new Extension(FRAGMENT, body));
        }

        Packet firstFragment() {
            return fragment(0, true, 1);
        }

        Packet laterFragment() {
            return fragment(185, false, 1);
        }

        boolean isIpv6() {
            return source.contains(":");
        }

        int headerBytes() {
            return isIpv6()
                    ? 40 + extensions.stream().mapToInt(e -> e.body.capacity()).sum()
                    : 20 + optionBytes;
        }

        byte[] bytes() {
            ByteBuffer packet = ByteBuffer.allocate(headerBytes() + payload.capacity());
            if (isIpv6()) {
                header6(packet);
            } else {
                header4(packet);
            }
            return packet.put(headerBytes(), payload, 0, payload.capacity()).array();
        }

        private void header4(ByteBuffer packet) {
            packet.put(0, (byte) (0x40 | headerBytes() / 4));
            packet.putShort(2, (short) packet.capacity());
            packet.putShort(4, (short) id).putShort(6, (short) fragment);
            packet.put(8, (byte) 64).put(9, (byte) protocol);
            packet.put(12, address(source).getAddress())
                    .put(16, address(destination).getAddress());
        }

        private void header6(ByteBuffer packet) {
            packet.put(0, (byte) 0x60).putShort(4, (short) (packet.capacity() - 40));
            packet.put(7, (byte) 64);
            packet.put(8, address(source).getAddress())
                    .put(24, address(destination).getAddress());
            int nextHeader = 6;
            int at = 40;
            for (Extension extension : extensions) {
                packet.put(nextHeader, (byte) extension.type);
                packet.put(at, extension.body, 0, extension.body.capacity());
                nextHeader = at;
                at += extension.body.capacity();
            }
            packet.put(nextHeader, (byte) protocol);
        }

        private Packet extended(Extension extension) {
            List<Extension> more = new ArrayList<>(extensions);
            more.add(extension);
            return new Packet(source, destination, protocol, optionBytes, fragment, id, more, payload);
        }

        private static int icmp(String source) {
            return source.contains(":") ? ICMPV6 : ICMP;
        }

        private static Packet l4(int protocol, String source, int sourcePort, String destination, int port, int size) {
            ByteBuffer payload =
                    ByteBuffer.allocate(size).putShort((short) sourcePort).putShort((short) port);
            return plain(source, destination, protocol, payload);
        }

        private static Packet plain(String source, String destination, int protocol, ByteBuffer payload) {
            return new Packet(source, destination, protocol, 0, 0, 0, List.of(), payload);
        }
    }

    static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
