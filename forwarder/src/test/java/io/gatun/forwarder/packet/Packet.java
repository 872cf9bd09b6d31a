package io.gatun.forwarder.packet;

import java.nio.ByteBuffer;

/** An IPv4 packet in an Ethernet frame, to be described and then made, byte by byte; see {@link Packets}. */
public final class Packet {
    /** What is in the transport checksum field. */
    public enum Sum {
        COMPLETE,
        /** The folded sum of the pseudo-header: the device was to complete it. */
        PARTIAL,
        /** Zero: UDP without a checksum. */
        NONE,
        /** One off. */
        WRONG
    }

    private static final int ETHERNET = 14;

    private final int protocol;
    private long destinationMac = Packets.GATUN_MAC;
    private long sourceMac;
    private int etherType = 0x0800;
    private int version = 4;
    private byte[] ipOptions = {};
    private int identification = 0x1234;
    private int fragment = 0x4000;
    private int ttl = 64;
    private int wireProtocol;
    private int totalLength = -1;
    private int source;
    private int destination;
    private int sourcePort;
    private int destinationPort;
    private int sequence = 1_000;
    private int acknowledgment;
    private int flags;
    private int window = 64_240;
    private int dataOffset = -1;
    private byte[] tcpOptions = {};
    private int udpLength = -1;
    private int icmpType;
    private int icmpCode;
    private int icmpRest;
    private byte[] payload = {};
    private int paddedTo;
    private Sum sum = Sum.COMPLETE;

    Packet(int protocol) {
        this.protocol = protocol;
        this.wireProtocol = protocol;
    }

    private Packet(Packet other) {
        this(other.protocol);
        destinationMac = other.destinationMac;
        sourceMac = other.sourceMac;
        etherType = other.etherType;
        version = other.version;
        ipOptions = other.ipOptions;
        identification = other.identification;
        fragment = other.fragment;
        ttl = other.ttl;
        wireProtocol = other.wireProtocol;
        totalLength = other.totalLength;
        source = other.source;
        destination = other.destination;
        sourcePort = other.sourcePort;
        destinationPort = other.destinationPort;
        sequence = other.sequence;
        acknowledgment = other.acknowledgment;
        flags = other.flags;
        window = other.window;
        dataOffset = other.dataOffset;
        tcpOptions = other.tcpOptions;
        udpLength = other.udpLength;
        icmpType = other.icmpType;
        icmpCode = other.icmpCode;
        icmpRest = other.icmpRest;
        payload = other.payload;
        paddedTo = other.paddedTo;
        sum = other.sum;
    }

    public Packet copy() {
        return new Packet(this);
    }

    /** Sent by this host: address, port and MAC. */
    public Packet from(String address, int port) {
        source = Packets.ip(address);
        sourcePort = port;
        sourceMac = Packets.macOf(source);
        return this;
    }

    public Packet to(String address, int port) {
        destination = Packets.ip(address);
        destinationPort = port;
        return this;
    }

    public Packet macs(long destination, long source) {
        destinationMac = destination;
        sourceMac = source;
        return this;
    }

    /** As it leaves Gatun towards its destination, which is on the link: one hop older, complete, without padding. */
    public Packet forwarded() {
        return forwardedVia(Packets.macOf(destination));
    }

    public Packet forwardedVia(long nextHopMac) {
        sum = sum == Sum.PARTIAL ? Sum.COMPLETE : sum;
        paddedTo = 0;
        return ttl(ttl - 1).macs(nextHopMac, Packets.GATUN_MAC);
    }

    public Packet etherType(int type) {
        etherType = type;
        return this;
    }

    public Packet version(int bits) {
        version = bits;
        return this;
    }

    public Packet ipOptions(int... bytes) {
        ipOptions = bytes(bytes);
        return this;
    }

    public Packet identification(int value) {
        identification = value;
        return this;
    }

    /** Flags and offset as one 16-bit field: 0x4000 is don't-fragment, 0x2000 more-fragments. */
    public Packet fragment(int field) {
        fragment = field;
        return this;
    }

    public Packet ttl(int hops) {
        ttl = hops;
        return this;
    }

    /** Another number in the protocol field than the headers that follow. */
    public Packet wireProtocol(int number) {
        wireProtocol = number;
        return this;
    }

    /** A total length that may be a lie. */
    public Packet totalLength(int bytes) {
        totalLength = bytes;
        return this;
    }

    public Packet flags(int bits) {
        flags = bits;
        return this;
    }

    public Packet sequence(int number) {
        sequence = number;
        return this;
    }

    public Packet acknowledgment(int number) {
        acknowledgment = number;
        return this;
    }

    public Packet window(int bytes) {
        window = bytes;
        return this;
    }

    /** A TCP data offset, in words of four bytes, that may be a lie. */
    public Packet dataOffset(int words) {
        dataOffset = words;
        return this;
    }

    public Packet tcpOptions(int... bytes) {
        tcpOptions = bytes(bytes);
        return this;
    }

    /** A UDP length that may be a lie. */
    public Packet udpLength(int bytes) {
        udpLength = bytes;
        return this;
    }

    public Packet icmp(int type, int code, int rest) {
        icmpType = type;
        icmpCode = code;
        icmpRest = rest;
        return this;
    }

    public Packet payload(byte... bytes) {
        payload = bytes.clone();
        return this;
    }

    /** Zeros behind the IP packet up to this frame length, as Ethernet's minimum of 60 demands. */
    public Packet paddedTo(int bytes) {
        paddedTo = bytes;
        return this;
    }

    public Packet sum(Sum what) {
        sum = what;
        return this;
    }

    /** The frame. */
    public WireFrame wire() {
        return new WireFrame(bytes());
    }

    /** The bytes of the frame. */
    public byte[] bytes() {
        byte[] transport = transport();
        int ipLength = 20 + ipOptions.length + transport.length;
        ByteBuffer frame = ByteBuffer.allocate(Math.max(paddedTo, ETHERNET + ipLength));
        mac(frame, destinationMac);
        mac(frame, sourceMac);
        frame.putShort((short) etherType);
        frame.put((byte) (version << 4 | (5 + ipOptions.length / 4))).put((byte) 0);
        frame.putShort((short) (totalLength < 0 ? ipLength : totalLength));
        frame.putShort((short) identification).putShort((short) fragment);
        frame.put((byte) ttl).put((byte) wireProtocol).putShort((short) 0);
        frame.putInt(source).putInt(destination).put(ipOptions).put(transport);
        int header = new NaiveChecksum()
                .add(frame.array(), ETHERNET, 20 + ipOptions.length)
                .checksum();
        frame.putShort(ETHERNET + 10, (short) header);
        return frame.array();
    }

    private byte[] transport() {
        return switch (protocol) {
            case 6 -> tcp();
            case 17 -> udp();
            case 1 -> icmp();
            default -> payload.clone();
        };
    }

    private byte[] tcp() {
        int header = 20 + tcpOptions.length;
        ByteBuffer segment = ByteBuffer.allocate(header + payload.length);
        segment.putShort((short) sourcePort).putShort((short) destinationPort);
        segment.putInt(sequence).putInt(acknowledgment);
        segment.put((byte) ((dataOffset < 0 ? header / 4 : dataOffset) << 4)).put((byte) flags);
        segment.putShort((short) window).putShort((short) 0).putShort((short) 0);
        segment.put(tcpOptions).put(payload);
        segment.putShort(16, (short) checksum(segment.array(), segment.capacity()));
        return segment.array();
    }

    private byte[] udp() {
        ByteBuffer datagram = ByteBuffer.allocate(8 + payload.length);
        int length = udpLength < 0 ? datagram.capacity() : udpLength;
        datagram.putShort((short) sourcePort).putShort((short) destinationPort);
        datagram.putShort((short) length).putShort((short) 0).put(payload);
        int checksum = sum == Sum.NONE ? 0 : checksum(datagram.array(), Math.min(length, datagram.capacity()));
        datagram.putShort(6, (short) (checksum == 0 && sum == Sum.COMPLETE ? 0xFFFF : checksum));
        return datagram.array();
    }

    private byte[] icmp() {
        ByteBuffer message = ByteBuffer.allocate(8 + payload.length);
        message.put((byte) icmpType).put((byte) icmpCode).putShort((short) 0).putInt(icmpRest);
        message.put(payload);
        int checksum =
                new NaiveChecksum().add(message.array(), 0, message.capacity()).checksum();
        message.putShort(2, (short) checksum);
        return message.array();
    }

    private int checksum(byte[] segment, int length) {
        NaiveChecksum pseudo = new NaiveChecksum().pseudoHeader(source, destination, protocol, length);
        if (sum == Sum.PARTIAL) {
            return pseudo.sum();
        }
        int complete = pseudo.add(segment, 0, length).checksum();
        return sum == Sum.WRONG ? complete + 1 & 0xFFFF : complete;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static void mac(ByteBuffer frame, long mac) {
        frame.putShort((short) (mac >>> 32)).putInt((int) mac);
    }
}
