package io.gatun.forwarder.packet;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Where packets of tests begin, and the addresses that they use. Every host's MAC is {@code 02:00} and its address. */
public final class Packets {
    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;

    /** The interface under test. */
    public static final long GATUN_MAC = 0x0267_0000_0001L;

    private Packets() {}

    /** A SYN, until {@link Packet#flags} says otherwise, addressed to Gatun's MAC. */
    public static Packet tcp(String source, int sourcePort, String destination, int destinationPort) {
        return new Packet(6)
                .from(source, sourcePort)
                .to(destination, destinationPort)
                .flags(SYN);
    }

    public static Packet udp(String source, int sourcePort, String destination, int destinationPort) {
        return new Packet(17).from(source, sourcePort).to(destination, destinationPort);
    }

    public static Packet sctp(String source, int sourcePort, String destination, int destinationPort) {
        return new Packet(132).from(source, sourcePort).to(destination, destinationPort);
    }

    /** ICMP or, between IPv6 addresses, ICMPv6. */
    public static Packet icmp(String source, String destination, int type, int code) {
        int protocol = isIpv6(source) ? 58 : 1;
        return new Packet(protocol).from(source, 0).to(destination, 0).icmp(type, code, 0);
    }

    public static Packet echo(String source, String destination, int identifier, int sequence) {
        return icmp(source, destination, isIpv6(source) ? 128 : 8, 0)
                .icmp(isIpv6(source) ? 128 : 8, 0, identifier << 16 | sequence);
    }

    public static Packet echoReply(String source, String destination, int identifier, int sequence) {
        return icmp(source, destination, 0, 0).icmp(isIpv6(source) ? 129 : 0, 0, identifier << 16 | sequence);
    }

    /**
     * An ICMP or ICMPv6 error.
     *
     * @param quoted what it is about
     * @param quotedBytes how much of that it quotes, at most
     */
    public static Packet icmpError(
            String source, String destination, int type, int code, int rest, Packet quoted, int quotedBytes) {
        byte[] whole = quoted.ipBytes();
        return icmp(source, destination, type, code)
                .icmp(type, code, rest)
                .payload(Arrays.copyOf(whole, Math.min(whole.length, quotedBytes)));
    }

    public static boolean isIpv6(String address) {
        return address.indexOf(':') >= 0;
    }

    /** First eight bytes of an IPv6 address; of an IPv4 address as RFC 4291 maps it. */
    public static long high(String address) {
        return isIpv6(address) ? ipv6(address).getLong(0) : 0;
    }

    /** Last eight bytes of an IPv6 address; of an IPv4 address as RFC 4291 maps it. */
    public static long low(String address) {
        return isIpv6(address) ? ipv6(address).getLong(8) : 0xFFFF_0000_0000L | (ip(address) & 0xFFFF_FFFFL);
    }

    /** The address as text, all eight words of it. */
    public static String text6(long high, long low) {
        StringBuilder text = new StringBuilder();
        for (int shift = 48; shift >= 0; shift -= 16) {
            text.append(Long.toHexString(high >>> shift & 0xFFFF)).append(':');
        }
        for (int shift = 48; shift >= 0; shift -= 16) {
            text.append(Long.toHexString(low >>> shift & 0xFFFF)).append(shift == 0 ? "" : ":");
        }
        return text.toString();
    }

    private static ByteBuffer ipv6(String literal) {
        try {
            byte[] bytes = InetAddress.getByName(literal).getAddress();
            if (bytes.length == 16) {
                return ByteBuffer.wrap(bytes);
            }
            return ByteBuffer.allocate(16).putShort(10, (short) 0xFFFF).put(12, bytes); // Java unmaps such addresses
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    /** {@code 192.168.80.200} to {@code 0xC0A850C8}. */
    public static int ip(String text) {
        int address = 0;
        for (String part : text.split("\\.", -1)) {
            address = address << 8 | Integer.parseInt(part);
        }
        return address;
    }

    public static String text(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xFF) + "." + (address >>> 8 & 0xFF) + "." + (address & 0xFF);
    }

    /** The MAC of the host with this address. */
    public static long macOf(int address) {
        return 0x0200_0000_0000L | (address & 0xFFFF_FFFFL);
    }

    /** {@code length} bytes that spell what they are for. */
    public static byte[] payload(int length) {
        byte[] bytes = new byte[length];
        byte[] words = "the lock opens ".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < length; i++) {
            bytes[i] = words[i % words.length];
        }
        return bytes;
    }
}
