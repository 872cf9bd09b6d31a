package io.gatun.forwarder.packet;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** The bytes of an Ethernet frame, read without any code of the product. Equal when the bytes are. */
public final class WireFrame {
    private final ByteBuffer bytes;
    private final int offload;

    public WireFrame(byte[] bytes) {
        this(bytes, 0);
    }

    /** A frame of which something is left for the device to do, see {@code Offload}; frames compare without it. */
    public WireFrame(byte[] bytes, int offload) {
        this.bytes = ByteBuffer.wrap(bytes.clone());
        this.offload = offload;
    }

    /** What is left for the device to do. */
    public int offload() {
        return offload;
    }

    public byte[] bytes() {
        return bytes.array().clone();
    }

    public int length() {
        return bytes.capacity();
    }

    public int unsignedByte(int index) {
        return bytes.get(index) & 0xFF;
    }

    public int unsignedShort(int index) {
        return bytes.getShort(index) & 0xFFFF;
    }

    /** Where the IP header starts: behind the VLAN tags. */
    public int ip() {
        int at = 12;
        while (unsignedShort(at) == 0x8100 || unsignedShort(at) == 0x88A8) {
            at += 4;
        }
        return at + 2;
    }

    public int etherType() {
        return unsignedShort(ip() - 2);
    }

    public boolean isIpv6() {
        return etherType() == 0x86DD;
    }

    /** The upper protocol, behind all extension headers. */
    public int protocol() {
        return isIpv6() ? unsignedByte(walk()[1]) : unsignedByte(ip() + 9);
    }

    public int source() {
        return bytes.getInt(ip() + 12);
    }

    public int destination() {
        return bytes.getInt(ip() + 16);
    }

    /** First half of the IPv6 source. */
    public long sourceHigh() {
        return bytes.getLong(ip() + 8);
    }

    public long sourceLow() {
        return bytes.getLong(ip() + 16);
    }

    public long destinationHigh() {
        return bytes.getLong(ip() + 24);
    }

    public long destinationLow() {
        return bytes.getLong(ip() + 32);
    }

    /** TTL or hop limit. */
    public int ttl() {
        return unsignedByte(ip() + (isIpv6() ? 7 : 8));
    }

    /** First byte behind the IP packet: before the padding. */
    public int ipEnd() {
        return ip() + (isIpv6() ? 40 + unsignedShort(ip() + 4) : unsignedShort(ip() + 2));
    }

    /** Where the IPv6 fragment header starts, or -1. */
    public int fragmentHeader() {
        return walk()[2];
    }

    /** Whether it is a piece of a packet. */
    public boolean isFragment() {
        if (!isIpv6()) {
            return (unsignedShort(ip() + 6) & 0x3FFF) != 0;
        }
        int header = fragmentHeader();
        return header >= 0 && (unsignedShort(header + 2) & 0xFFF9) != 0;
    }

    /** Where the transport header starts. */
    public int transport() {
        return isIpv6() ? walk()[0] : ip() + (unsignedByte(ip()) & 0x0F) * 4;
    }

    /** Transport offset, where the byte is that names its protocol, fragment header or -1. */
    private int[] walk() {
        int field = ip() + 6;
        int at = ip() + 40;
        int fragmentHeader = -1;
        while (true) {
            int next = unsignedByte(field);
            int length = 8 * (at + 1 < length() ? unsignedByte(at + 1) + 1 : 0);
            if (next == 44) {
                fragmentHeader = at;
                length = 8;
            } else if (next == 51) {
                length = 4 * (unsignedByte(at + 1) + 2);
            } else if (next != 0 && next != 43 && next != 60) {
                return new int[] {at, field, fragmentHeader};
            }
            field = at;
            at += length;
        }
    }

    public int sourcePort() {
        return unsignedShort(transport());
    }

    public int destinationPort() {
        return unsignedShort(transport() + 2);
    }

    public int tcpSequence() {
        return bytes.getInt(transport() + 4);
    }

    public int tcpAcknowledgment() {
        return bytes.getInt(transport() + 8);
    }

    public int tcpFlags() {
        return unsignedByte(transport() + 13);
    }

    /**
     * Whether the sums over the IP header and over the transport, computed from scratch, come out right. Of a piece of
     * a packet only the IP header is looked at; of a tunnel the inner packet too.
     */
    public boolean checksumsRight() {
        byte[] array = bytes.array();
        if (!isIpv6()
                && new NaiveChecksum().add(array, ip(), transport() - ip()).sum() != 0xFFFF) {
            return false;
        }
        if (isFragment()) {
            return true;
        }
        int length = ipEnd() - transport();
        return switch (protocol()) {
            case 4 -> inner(0x0800).checksumsRight();
            case 41 -> inner(0x86DD).checksumsRight();
            case 1 -> new NaiveChecksum().add(array, transport(), length).sum() == 0xFFFF;
            case 17 -> {
                boolean none = unsignedShort(transport() + 6) == 0;
                yield none ? !isIpv6() : transportSumRight(unsignedShort(transport() + 4));
            }
            case 132 -> crcRight(length);
            default -> transportSumRight(length);
        };
    }

    /** The packet inside a tunnel, as a frame. */
    public WireFrame inner(int etherType) {
        byte[] frame = new byte[14 + ipEnd() - transport()];
        System.arraycopy(bytes.array(), transport(), frame, 14, frame.length - 14);
        frame[12] = (byte) (etherType >>> 8);
        frame[13] = (byte) etherType;
        return new WireFrame(frame);
    }

    private boolean transportSumRight(int length) {
        NaiveChecksum sum = new NaiveChecksum();
        if (isIpv6()) {
            sum.pseudoHeader6(sourceHigh(), sourceLow(), destinationHigh(), destinationLow(), protocol(), length);
        } else {
            sum.pseudoHeader(source(), destination(), protocol(), length);
        }
        return sum.add(bytes.array(), transport(), length).sum() == 0xFFFF;
    }

    private boolean crcRight(int length) {
        byte[] message = Arrays.copyOfRange(bytes.array(), transport(), transport() + length);
        int field = ByteBuffer.wrap(message).getInt(8);
        Arrays.fill(message, 8, 12, (byte) 0);
        return Integer.reverseBytes(field) == NaiveCrc32c.of(message, 0, length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WireFrame frame && Arrays.equals(bytes.array(), frame.bytes.array());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes.array());
    }

    /** A sentence about it, then all of it in rows of 16 bytes. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(sentence());
        for (int i = 0; i < length(); i += 16) {
            byte[] row = Arrays.copyOfRange(bytes.array(), i, Math.min(i + 16, length()));
            text.append("\n    ").append(HexFormat.ofDelimiter(" ").formatHex(row));
        }
        return text.toString();
    }

    private String sentence() {
        if (length() < 34 || (etherType() != 0x0800 && !isIpv6()) || (isIpv6() && length() < ip() + 48)) {
            return length() + " bytes, not IP";
        }
        if (isFragment()) {
            return "a piece: protocol " + protocol() + " " + ends("", "");
        }
        if (length() < transport() + 8) {
            return length() + " bytes, cut off";
        }
        String ports = ends(":" + sourcePort(), ":" + destinationPort()) + " ttl " + ttl();
        return switch (protocol()) {
            case 6 ->
                "tcp " + ports + " flags 0x" + Integer.toHexString(tcpFlags()) + " seq " + tcpSequence() + " ack "
                        + tcpAcknowledgment();
            case 17 -> "udp " + ports;
            case 132 -> "sctp " + ports;
            case 1 -> "icmp type " + unsignedByte(transport()) + " " + ends("", "");
            case 58 -> "icmpv6 type " + unsignedByte(transport()) + " " + ends("", "");
            default -> "protocol " + protocol() + " " + ends("", "");
        };
    }

    private String ends(String sourcePort, String destinationPort) {
        if (isIpv6()) {
            return "[" + Packets.text6(sourceHigh(), sourceLow()) + "]" + sourcePort + " > ["
                    + Packets.text6(destinationHigh(), destinationLow()) + "]" + destinationPort;
        }
        return Packets.text(source()) + sourcePort + " > " + Packets.text(destination()) + destinationPort;
    }
}
