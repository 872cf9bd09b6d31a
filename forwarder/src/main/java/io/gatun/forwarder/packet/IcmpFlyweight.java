package io.gatun.forwarder.packet;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * ICMP message, RFC 792.
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
    public static final int ECHO_REQUEST = 8;

    /** Code of {@link #DESTINATION_UNREACHABLE}. */
    public static final int PORT_UNREACHABLE = 3;

    private static final int CHECKSUM = 2;
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

    public int checksum() {
        return buffer.getShort(offset + CHECKSUM, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /**
     * Turns an echo request into its reply: the type changes and with it, incrementally, the checksum.
     *
     * @param length bytes of the whole message
     */
    public void toEchoReply(int length) {
        int updated = InternetChecksum.update(checksum(), InternetChecksum.delta(ECHO_REQUEST << 8, ECHO_REPLY << 8));
        buffer.putByte(offset, (byte) ECHO_REPLY);
        buffer.putShort(offset + CHECKSUM, (short) updated, ByteOrder.BIG_ENDIAN);
        if (updated == 0) {
            // Right for any message but one of zeros alone, whose checksum is 0xFFFF; the update cannot tell them
            // apart.
            buffer.putShort(
                    offset + CHECKSUM, (short) InternetChecksum.of(InternetChecksum.sum(buffer, offset, length)));
        }
    }

    /** Writes the header over data that is already in place, with the checksum of both. */
    public void header(int type, int code, int dataLength) {
        buffer.putByte(offset, (byte) type);
        buffer.putByte(offset + 1, (byte) code);
        buffer.putShort(offset + CHECKSUM, (short) 0);
        buffer.putInt(offset + REST, 0);
        int checksum = InternetChecksum.of(InternetChecksum.sum(buffer, offset, LENGTH + dataLength));
        buffer.putShort(offset + CHECKSUM, (short) checksum, ByteOrder.BIG_ENDIAN);
    }
}
