package io.gatun.forwarder.packet;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * SCTP common header and its first chunk, RFC 9260 section 3.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  | source port                   | destination port              |
 *  +-------------------------------+-------------------------------+
 *  | verification tag                                              |
 *  +---------------------------------------------------------------+
 *  | CRC32c of the packet, the least significant byte first        |
 *  +---------------+---------------+-------------------------------+
 *  | chunk type    | chunk flags   | chunk length with this header |
 *  +---------------+---------------+-------------------------------+
 * </pre>
 */
public final class SctpFlyweight {
    /** Bytes of the common header. */
    public static final int LENGTH = 12;

    /** Bytes of a chunk's header. */
    public static final int CHUNK_HEADER_LENGTH = 4;

    /** Where the checksum is. */
    public static final int CHECKSUM_OFFSET = 8;

    public static final int DATA = 0;
    public static final int INIT = 1;
    public static final int INIT_ACK = 2;
    public static final int SACK = 3;
    public static final int HEARTBEAT = 4;
    public static final int HEARTBEAT_ACK = 5;
    public static final int ABORT = 6;
    public static final int SHUTDOWN = 7;
    public static final int SHUTDOWN_ACK = 8;
    public static final int ERROR = 9;
    public static final int COOKIE_ECHO = 10;
    public static final int COOKIE_ACK = 11;
    public static final int SHUTDOWN_COMPLETE = 14;

    /** Flag of {@link #ABORT} and {@link #SHUTDOWN_COMPLETE}: the verification tag is the receiver's own, reflected. */
    public static final int T_BIT = 1;

    /** Bytes of a packet that is nothing but an ABORT without causes. */
    public static final int ABORT_LENGTH = LENGTH + CHUNK_HEADER_LENGTH;

    private static final int VERIFICATION_TAG = 4;
    private static final int CHUNK_TYPE = 12;
    private static final int CHUNK_FLAGS = 13;
    private static final int CHUNK_LENGTH = 14;
    private static final int INITIATE_TAG = 16;

    private UnsafeBuffer buffer;
    private int offset;

    public SctpFlyweight wrap(UnsafeBuffer buffer, int offset) {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    /** Both ports in one int: source in the upper half. */
    public int ports() {
        return buffer.getInt(offset, ByteOrder.BIG_ENDIAN);
    }

    public SctpFlyweight ports(int ports) {
        buffer.putInt(offset, ports, ByteOrder.BIG_ENDIAN);
        return this;
    }

    public int verificationTag() {
        return buffer.getInt(offset + VERIFICATION_TAG, ByteOrder.BIG_ENDIAN);
    }

    /** The CRC32c as a number; the wire has its least significant byte first (RFC 9260 appendix A). */
    public int checksum() {
        return buffer.getInt(offset + CHECKSUM_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    public SctpFlyweight checksum(int crc) {
        buffer.putInt(offset + CHECKSUM_OFFSET, crc, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** Type of the first chunk; the packet has at least {@link #ABORT_LENGTH} bytes. */
    public int chunkType() {
        return buffer.getByte(offset + CHUNK_TYPE) & 0xFF;
    }

    public int chunkFlags() {
        return buffer.getByte(offset + CHUNK_FLAGS) & 0xFF;
    }

    /** Bytes of the first chunk with its header, without padding. */
    public int chunkLength() {
        return buffer.getShort(offset + CHUNK_LENGTH, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /** Of an INIT or INIT ACK of at least 20 bytes: the tag that packets in the other direction carry. */
    public int initiateTag() {
        return buffer.getInt(offset + INITIATE_TAG, ByteOrder.BIG_ENDIAN);
    }

    /**
     * Writes {@link #ABORT_LENGTH} bytes: an ABORT without causes, with its checksum. The answer to a packet of an
     * unknown association reflects that packet's tag and sets {@link #T_BIT}; the answer to an INIT has the INIT's
     * initiate tag and flags 0 (RFC 9260 section 8.4).
     */
    public SctpFlyweight abort(int ports, int verificationTag, int flags, Crc32c crc) {
        ports(ports);
        buffer.putInt(offset + VERIFICATION_TAG, verificationTag, ByteOrder.BIG_ENDIAN);
        checksum(0);
        buffer.putInt(offset + CHUNK_TYPE, ABORT << 24 | flags << 16 | CHUNK_HEADER_LENGTH, ByteOrder.BIG_ENDIAN);
        return checksum(crc.of(buffer, offset, ABORT_LENGTH));
    }
}
