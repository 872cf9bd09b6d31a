package io.gatun.forwarder.packet;

import java.nio.charset.StandardCharsets;

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

    public static Packet icmp(String source, String destination, int type, int code) {
        return new Packet(1).from(source, 0).to(destination, 0).icmp(type, code, 0);
    }

    public static Packet echo(String source, String destination, int identifier, int sequence) {
        return new Packet(1).from(source, 0).to(destination, 0).icmp(8, 0, identifier << 16 | sequence);
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
