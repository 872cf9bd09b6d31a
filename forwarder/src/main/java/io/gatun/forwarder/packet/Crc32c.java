package io.gatun.forwarder.packet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The CRC that SCTP has for a checksum: Castagnoli's polynomial 0x1EDC6F41, reflected (RFC 3720 section 12.1, RFC 9260
 * appendix A). The JIT knows {@link CRC32C} as an intrinsic, which it is only over arrays and direct byte buffers: over a
 * buffer that wraps a bare address the CRC is computed here, by table, some ten times as slow. Belongs to one thread.
 */
public final class Crc32c {
    private static final int POLYNOMIAL_REFLECTED = 0x82F6_3B78;
    private static final int[] TABLE = table();

    private final CRC32C crc = new CRC32C();
    private ByteBuffer wrapped;
    private ByteBuffer view;

    /**
     * The CRC of these bytes. Allocates only when the memory behind {@code buffer} is not that of the call before.
     */
    public int of(UnsafeBuffer buffer, int offset, int length) {
        crc.reset();
        ByteBuffer bytes = buffer.byteBuffer();
        if (bytes != null) {
            update(bytes, buffer.wrapAdjustment() + offset, length);
            return (int) crc.getValue();
        }
        byte[] array = buffer.byteArray();
        if (array != null) {
            crc.update(array, buffer.wrapAdjustment() + offset, length);
            return (int) crc.getValue();
        }
        return byTable(buffer, offset, length);
    }

    /**
     * Gives an SCTP packet other ports and keeps its checksum as right, or as wrong, as it was: the CRC is linear, so
     * the new field is the old one xor the CRC of the old bytes xor that of the new ones. A field of 0 was left to the
     * device and is computed.
     *
     * @param length bytes of common header and all chunks
     */
    public void ports(SctpFlyweight sctp, UnsafeBuffer buffer, int offset, int length, int newPorts) {
        sctp.wrap(buffer, offset);
        int field = sctp.checksum();
        if (field == 0) {
            sctp.ports(newPorts).checksum(of(buffer, offset, length));
        } else if (sctp.ports() != newPorts) {
            sctp.checksum(0);
            int before = of(buffer, offset, length);
            sctp.ports(newPorts);
            sctp.checksum(field ^ before ^ of(buffer, offset, length));
        }
    }

    @SuppressWarnings("ReferenceEquality") // equals() of a ByteBuffer compares its content
    private void update(ByteBuffer bytes, int start, int length) {
        if (wrapped != bytes) {
            wrapped = bytes;
            view = bytes.duplicate();
        }
        view.limit(start + length).position(start);
        crc.update(view);
    }

    private static int byTable(UnsafeBuffer buffer, int offset, int length) {
        int crc = -1;
        int index = offset;
        for (int longsEnd = offset + (length & ~7); index < longsEnd; index += 8) {
            long word = buffer.getLong(index, ByteOrder.LITTLE_ENDIAN) ^ (crc & 0xFFFF_FFFFL);
            crc = 0;
            for (int lane = 0; lane < 8; lane++) {
                crc ^= TABLE[((7 - lane) << 8) | ((int) (word >>> (8 * lane)) & 0xFF)];
            }
        }
        for (int end = offset + length; index < end; index++) {
            crc = crc >>> 8 ^ TABLE[(crc ^ buffer.getByte(index)) & 0xFF];
        }
        return ~crc;
    }

    /** Eight tables of 256: entry b of table t is the CRC of byte b with t zeros behind it. */
    private static int[] table() {
        int[] table = new int[8 << 8];
        for (int b = 0; b < 256; b++) {
            int crc = b;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : POLYNOMIAL_REFLECTED);
            }
            table[b] = crc;
        }
        for (int i = 256; i < table.length; i++) {
            int before = table[i - 256];
            table[i] = before >>> 8 ^ table[before & 0xFF];
        }
        return table;
    }
}
