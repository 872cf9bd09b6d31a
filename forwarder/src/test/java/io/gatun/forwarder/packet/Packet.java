package io.gatun.forwarder.packet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An IPv4 or IPv6 packet in an Ethernet frame, to be described and then made, byte by byte; see {@link Packets}. */
public final class Packet implements Cloneable {
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

    final int protocol;
    long destinationMac = Packets.GATUN_MAC;
    long sourceMac;
    int[] tags = {};
    int etherType = -1;
    boolean ipv6;
    int version = -1;
    int trafficClass;
    int flowLabel;
    byte[] ipOptions = {};
    List<byte[]> extensions = List.of();
    int identification = 0x1234;
    int fragment = 0x4000;
    boolean fragmentHeader;
    int ttl = 64;
    int wireProtocol;
    int totalLength = -1;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    int sourcePort;
    int destinationPort;
    int sequence = 1_000;
    int acknowledgment;
    int flags;
    int window = 64_240;
    int dataOffset = -1;
    byte[] tcpOptions = {};
    int udpLength = -1;
    int icmpType;
    int icmpCode;
    int icmpRest;
    int verificationTag = 0x5EED_5EED;
    byte[] payload = {};
    byte[] transport;
    int paddedTo;
    Sum sum = Sum.COMPLETE;

    Packet(int protocol) {
        this.protocol = protocol;
        this.wireProtocol = protocol;
    }

    public Packet copy() {
        try {
            return (Packet) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** Sent by this host: address, port and MAC. */
    public Packet from(String address, int port) {
        ipv6 = Packets.isIpv6(address);
        sourceHigh = Packets.high(address);
        sourceLow = Packets.low(address);
        sourcePort = port;
        sourceMac = Packets.macOf((int) sourceLow);
        return this;
    }

    /** Another IPv6 source, of any bits; the MAC stays. */
    public Packet from6(long high, long low) {
        sourceHigh = high;
        sourceLow = low;
        return this;
    }

    /** Another IPv6 destination, of any bits. */
    public Packet to6(long high, long low) {
        destinationHigh = high;
        destinationLow = low;
        return this;
    }

    public Packet to(String address, int port) {
        destinationHigh = Packets.high(address);
        destinationLow = Packets.low(address);
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
        return forwardedVia(Packets.macOf((int) destinationLow));
    }

    public Packet forwardedVia(long nextHopMac) {
        sum = sum == Sum.PARTIAL ? Sum.COMPLETE : sum;
        paddedTo = 0;
        return ttl(ttl - 1).macs(nextHopMac, Packets.GATUN_MAC);
    }

    /** VLAN tags, the outer one first, which is of 802.1ad when there are two. */
    public Packet vlan(int... numbers) {
        tags = numbers.clone();
        return this;
    }

    public Packet etherType(int type) {
        etherType = type;
        return this;
    }

    public Packet version(int bits) {
        version = bits;
        return this;
    }

    /** DSCP and ECN: the traffic class of IPv6, the type of service of IPv4. */
    public Packet trafficClass(int octet) {
        trafficClass = octet;
        return this;
    }

    public Packet flowLabel(int label) {
        flowLabel = label;
        return this;
    }

    /** One more extension header of IPv6: its number, and what follows its first two bytes; padded with zeros. */
    public Packet extension(int number, int... body) {
        byte[] header = Arrays.copyOf(bytes(body), ((body.length + 2 + 7) & ~7) - 2);
        List<byte[]> more = new ArrayList<>(extensions);
        byte[] numbered = new byte[header.length + 1];
        numbered[0] = (byte) number;
        System.arraycopy(header, 0, numbered, 1, header.length);
        more.add(numbered);
        extensions = List.copyOf(more);
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

    /** A piece of a whole; for IPv6 with a fragment header. The payload is what the piece has. */
    public Packet piece(int offsetBytes, boolean more, int identification) {
        fragmentHeader = ipv6;
        fragment = offsetBytes / 8 | (more ? 0x2000 : 0);
        return identification(identification);
    }

    /** The pieces that a host makes of this packet for links of this MTU, in order. */
    public List<Packet> fragments(int mtu) {
        byte[] whole = PacketBytes.transport(this);
        int header = ipv6 ? 48 + PacketBytes.extensionLength(this) : 20 + ipOptions.length;
        int step = (mtu - header) & ~7;
        List<Packet> pieces = new ArrayList<>();
        for (int at = 0; at < whole.length; at += step) {
            Packet piece = copy().piece(at, at + step < whole.length, identification);
            piece.transport = Arrays.copyOfRange(whole, at, Math.min(at + step, whole.length));
            pieces.add(piece);
        }
        return pieces;
    }

    /** Inside a packet of the same family from one address to another: RFC 2003, RFC 2473. */
    public Packet tunnelled(String from, String to) {
        Packet outer = new Packet(ipv6 ? 41 : 4).from(from, 0).to(to, 0).macs(destinationMac, sourceMac);
        outer.transport = ipBytes();
        outer.tags = tags;
        outer.identification = 0;
        outer.fragment = fragment & 0x4000;
        return outer.trafficClass(trafficClass).flowLabel(flowLabel);
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

    public Packet verificationTag(int tag) {
        verificationTag = tag;
        return this;
    }

    /** One more chunk of SCTP, padded with zeros to four bytes. */
    public Packet chunk(int type, int flags, byte... value) {
        int length = 4 + value.length;
        byte[] more = Arrays.copyOf(payload, payload.length + ((length + 3) & ~3));
        int at = payload.length;
        more[at] = (byte) type;
        more[at + 1] = (byte) flags;
        more[at + 2] = (byte) (length >>> 8);
        more[at + 3] = (byte) length;
        System.arraycopy(value, 0, more, at + 4, value.length);
        payload = more;
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
        return PacketBytes.frame(this);
    }

    /** The bytes of the packet without its frame. */
    public byte[] ipBytes() {
        return PacketBytes.ip(this);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
