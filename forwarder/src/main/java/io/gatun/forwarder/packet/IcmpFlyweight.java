package io.gatun.forwarder.packet;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * ICMP message, RFC 792, and ICMPv6 message, RFC 4443, whose types and codes are in {@link Icmpv6}.
 *
 * <pre>
 *  0       1       2               4                               8
 *  +-------+-------+---------------+-------------------------------+----
 *  | type  | code  | checksum      | rest of header                | data
 *  +-------+-------+---------------+-------------------------------+----
 * </pre>
 */
public final class IcmpFlyweight {
    /** Bytes before the data. */
    public static final int LENGTH = 8;

    public static final int ECHO_REPLY = 0;
    public static final int DESTINATION_UNREACHABLE = 3;
    public static final int SOURCE_QUENCH = 4;
    public static final int REDIRECT = 5;
    public static final int ECHO_REQUEST = 8;
    public static final int TIME_EXCEEDED = 11;
    public static final int PARAMETER_PROBLEM = 12;

    /** Codes of {@link #DESTINATION_UNREACHABLE}, RFC 792 and RFC 1812 section 5.2.7.1. */
    public static final int NET_UNREACHABLE = 0;

    public static final int HOST_UNREACHABLE = 1;
    public static final int PROTOCOL_UNREACHABLE = 2;
    public static final int PORT_UNREACHABLE = 3;
    public static final int FRAGMENTATION_NEEDED = 4;
    public static final int PROHIBITED = 13;

    /** Where the checksum is. */
    public static final int CHECKSUM_OFFSET = 2;

    /** Where the identifier of an echo is. */
    public static final int IDENTIFIER_OFFSET = 4;

    private static final int REST = 4;

    private UnsafeBuffer buffer;
    private int offset;

    public IcmpFlyweight wrap(UnsafeBuffer buffer, int offset) {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    public int type() {
        return buffer.getByte(offset) & 0xFF;
    }

    public int code() {
        return buffer.getByte(offset + 1) & 0xFF;
    }

    /** The four bytes behind the checksum. */
    public int rest() {
        return buffer.getInt(offset + REST, ByteOrder.BIG_ENDIAN);
    }

    /** Of an echo request or reply. */
    public int identifier() {
        return buffer.getShort(offset + IDENTIFIER_OFFSET, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    public IcmpFlyweight identifier(int identifier) {
        buffer.putShort(offset + IDENTIFIER_OFFSET, (short) identifier, ByteOrder.BIG_ENDIAN);
        return this;
    }

    /**
     * An echo seen as a transport with ports: a request has its identifier as source port, a reply as destination port,
     * so that the reply's ports are the request's, exchanged. For both families.
     */
    public int echoPorts() {
        int type = type();
        return type == ECHO_REPLY || type == Icmpv6.ECHO_REPLY ? identifier() : identifier() << 16;
    }

    /** The identifier among ports that are arranged as {@link #echoPorts} has them: one half is 0. */
    public static int identifierOf(int echoPorts) {
        return (echoPorts >>> 16) | (echoPorts & 0xFFFF);
    }

    /** MTU of the next hop in fragmentation-needed, RFC 1191 section 4; 0 from routers that do not know it. */
    public int nextHopMtu() {
        return buffer.getShort(offset + REST + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /** Whether a message of this ICMP (not ICMPv6) type tells of another packet, which it quotes. */
    public static boolean isError(int type) {
        return type == DESTINATION_UNREACHABLE
                || type == TIME_EXCEEDED
                || type == PARAMETER_PROBLEM
                || type == SOURCE_QUENCH
                || type == REDIRECT;
    }

    public static boolean isEcho(int type) {
        return type == ECHO_REQUEST || type == ECHO_REPLY;
    }

    public IcmpFlyweight checksum(int checksum) {
        buffer.putShort(offset + CHECKSUM_OFFSET, (short) checksum, ByteOrder.BIG_ENDIAN);
        return this;
    }

    public int checksum() {
        return buffer.getShort(offset + CHECKSUM_OFFSET, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /**
     * Turns an echo request into its reply: the type changes and with it, incrementally, the checksum.
     *
     * @param length bytes of the whole message
     */
    public void toEchoReply(int length) {
        int updated = InternetChecksum.update(checksum(), InternetChecksum.delta(ECHO_REQUEST << 8, ECHO_REPLY << 8));
        buffer.putByte(offset, (byte) ECHO_REPLY);
        buffer.putShort(offset + CHECKSUM_OFFSET, (short) updated, ByteOrder.BIG_ENDIAN);
        if (updated == 0) {
            // Right for any message but one of zeros alone, whose checksum is 0xFFFF; the update cannot tell them
            // apart.
            buffer.putShort(offset + CHECKSUM_OFFSET, (short)
                    InternetChecksum.of(InternetChecksum.sum(buffer, offset, length)));
        }
    }

    /** Writes the header over data that is already in place, with the checksum of both. */
    public void header(int type, int code, int dataLength) {
        header(type, code, 0, dataLength, 0);
    }

    /**
     * Writes the header over data that is already in place, with the checksum of both.
     *
     * @param rest the four bytes behind the checksum
     * @param pseudoHeader partial sum of the pseudo-header for ICMPv6, 0 for ICMP, which has none
     */
    public void header(int type, int code, int rest, int dataLength, long pseudoHeader) {
        buffer.putInt(offset, type << 24 | code << 16, ByteOrder.BIG_ENDIAN);
        buffer.putInt(offset + REST, rest, ByteOrder.BIG_ENDIAN);
        checksum(InternetChecksum.of(pseudoHeader + InternetChecksum.sum(buffer, offset, LENGTH + dataLength)));
    }
}
