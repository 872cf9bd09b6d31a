package io.gatun.forwarder.packet;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** The bytes of an Ethernet frame, read without any code of the product. Equal when the bytes are. */
public final class WireFrame {
    private static final int IP = 14;

    private final ByteBuffer bytes;

    public WireFrame(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes.clone());
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

    public int protocol() {
        return unsignedByte(IP + 9);
    }

    public int source() {
        return bytes.getInt(IP + 12);
    }

    public int destination() {
        return bytes.getInt(IP + 16);
    }

    /** Where the transport header starts. */
    public int transport() {
        return IP + (unsignedByte(IP) & 0x0F) * 4;
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

    /** Whether the sums over the IP header and over the transport, computed from scratch, come out right. */
    public boolean checksumsRight() {
        byte[] array = bytes.array();
        int headerLength = transport() - IP;
        if (new NaiveChecksum().add(array, IP, headerLength).sum() != 0xFFFF) {
            return false;
        }
        int length = unsignedShort(IP + 2) - headerLength;
        NaiveChecksum sum = new NaiveChecksum();
        if (protocol() == 17) {
            length = unsignedShort(transport() + 4);
            if (unsignedShort(transport() + 6) == 0) {
                return true;
            }
        }
        if (protocol() != 1) {
            sum.pseudoHeader(source(), destination(), protocol(), length);
        }
        return sum.add(array, transport(), length).sum() == 0xFFFF;
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
        if (length() < transport() + 8 || unsignedShort(12) != 0x0800) {
            return length() + " bytes, not IPv4";
        }
        String ends = Packets.text(source()) + ":" + sourcePort() + " > " + Packets.text(destination()) + ":"
                + destinationPort() + " ttl " + unsignedByte(IP + 8);
        return switch (protocol()) {
            case 6 ->
                "tcp " + ends + " flags 0x" + Integer.toHexString(tcpFlags()) + " seq " + tcpSequence() + " ack "
                        + tcpAcknowledgment();
            case 17 -> "udp " + ends;
            case 1 -> "icmp type " + unsignedByte(transport()) + " " + ends;
            default -> "protocol " + protocol() + " " + ends;
        };
    }
}
