package io.gatun.ha.sync;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A message between two nodes, little endian. With a key, 16 bytes of HMAC-SHA256 over all before end it.
 *
 * <pre>
 *   0      4         5      6          8       16      24        32              40
 *  +------+---------+------+----------+-------+-------+---------+---------------+------ - - -
 *  |magic |version  |kind  |flags     |from   |to     |counter  |table          |records
 *  +------+---------+------+----------+-------+-------+---------+---------------+------ - - -
 * </pre>
 *
 * Flag 1: it is signed. From and to are ids of links; to is 0 while that of the receiver is unknown. The counter begins at 1 for each from.
 * Table: of {@link #HELLO} the number of the table that the sender wants, 0 for none; of {@link #TABLE_END} that of the
 * one which is whole now.
 */
final class SyncMessage {
    /** Kind: who is there, and what is wanted. */
    static final int HELLO = 1;

    /** Kind: records. */
    static final int RECORDS = 2;

    /** Kind: a whole table has been sent. */
    static final int TABLE_END = 3;

    static final int HEADER_LENGTH = 40;

    /** Bytes of the longest message: what Aeron puts into a frame of 1,408. */
    static final int LENGTH_MAX = 1_376;

    private static final int MAGIC = 0x3153_5447; // "GTS1"
    private static final int VERSION = 1;
    private static final int SIGNED = 1;

    private UnsafeBuffer buffer;

    /** Looks at the message at the begin of a buffer. */
    SyncMessage wrap(UnsafeBuffer message) {
        buffer = message;
        return this;
    }

    /** Writes the header. */
    void begin(int kind, boolean signed, long from, long to, long counter, long table) {
        buffer.putInt(0, MAGIC, ByteOrder.LITTLE_ENDIAN);
        buffer.putByte(4, (byte) VERSION);
        buffer.putByte(5, (byte) kind);
        buffer.putShort(6, (short) (signed ? SIGNED : 0), ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(8, from, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(16, to, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(24, counter, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(32, table, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Whether this can be a message.
     *
     * @param length bytes without the signature
     */
    boolean isSound(int length) {
        return length >= HEADER_LENGTH
                && buffer.getInt(0, ByteOrder.LITTLE_ENDIAN) == MAGIC
                && buffer.getByte(4) == VERSION
                && kind() >= HELLO
                && kind() <= TABLE_END
                && from() != 0
                && counter() > 0;
    }

    /** Whether its sender has a key. */
    boolean isSigned() {
        return (buffer.getShort(6, ByteOrder.LITTLE_ENDIAN) & SIGNED) != 0;
    }

    int kind() {
        return buffer.getByte(5) & 0xFF;
    }

    long from() {
        return buffer.getLong(8, ByteOrder.LITTLE_ENDIAN);
    }

    long to() {
        return buffer.getLong(16, ByteOrder.LITTLE_ENDIAN);
    }

    long counter() {
        return buffer.getLong(24, ByteOrder.LITTLE_ENDIAN);
    }

    long table() {
        return buffer.getLong(32, ByteOrder.LITTLE_ENDIAN);
    }
}
