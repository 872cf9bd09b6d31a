package io.gatun.ha.vrrp;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.gatun.forwarder.packet.InternetChecksum;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A VRRPv3 advert behind the IP header (RFC 9568 section 5.2). All numbers are big-endian.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------+-------+---------------+---------------+---------------+
 *  |Version| Type 1|      VRID     |    Priority   | Address count |
 *  +-------+-------+---------------+---------------+---------------+
 *  | Zero  |  Interval in 10 ms    |           Checksum            |
 *  +-------+-----------------------+-------------------------------+
 *  |       Addresses, 4 or 16 bytes each                           |
 *  +---------------------------------------------------------------+
 * </pre>
 */
public final class VrrpFlyweight {
    /** IPPROTO_VRRP, RFC 9568 section 5.1.1.4. */
    public static final int PROTOCOL = 112;

    public static final int VERSION_3 = 3;
    public static final int ADVERTISEMENT = 1;
    public static final int HEADER_BYTES = 8;
    public static final int ADDRESSES_MAX = 255;

    private static final int VERSION_TYPE_OFFSET = 0;
    private static final int VRID_OFFSET = 1;
    private static final int PRIORITY_OFFSET = 2;
    private static final int COUNT_OFFSET = 3;
    private static final int INTERVAL_OFFSET = 4;
    private static final int CHECKSUM_OFFSET = 6;
    private static final int INTERVAL_MASK = 0xfff;

    private UnsafeBuffer buffer;
    private int offset;

    /** Looks at the advert that starts at this offset. */
    public VrrpFlyweight wrap(UnsafeBuffer buffer, int offset) {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    public int version() {
        return u8(VERSION_TYPE_OFFSET) >>> 4;
    }

    public int type() {
        return u8(VERSION_TYPE_OFFSET) & 0xf;
    }

    public int vrid() {
        return u8(VRID_OFFSET);
    }

    public int priority() {
        return u8(PRIORITY_OFFSET);
    }

    public int addressCount() {
        return u8(COUNT_OFFSET);
    }

    /** Max Advertise Interval in hundredths of a second; the four bits before it are ignored. */
    public int intervalCs() {
        return buffer.getShort(offset + INTERVAL_OFFSET, BIG_ENDIAN) & INTERVAL_MASK;
    }

    public int addressIpv4(int index) {
        return buffer.getInt(offset + HEADER_BYTES + index * Integer.BYTES, BIG_ENDIAN);
    }

    public long addressHigh(int index) {
        return buffer.getLong(offset + HEADER_BYTES + index * 2 * Long.BYTES, BIG_ENDIAN);
    }

    public long addressLow(int index) {
        return buffer.getLong(offset + HEADER_BYTES + index * 2 * Long.BYTES + Long.BYTES, BIG_ENDIAN);
    }

    /** Writes all but addresses and checksum. */
    public VrrpFlyweight header(int vrid, int priority, int addressCount, int intervalCs) {
        buffer.putByte(offset + VERSION_TYPE_OFFSET, (byte) (VERSION_3 << 4 | ADVERTISEMENT));
        buffer.putByte(offset + VRID_OFFSET, (byte) vrid);
        buffer.putByte(offset + PRIORITY_OFFSET, (byte) priority);
        buffer.putByte(offset + COUNT_OFFSET, (byte) addressCount);
        buffer.putShort(offset + INTERVAL_OFFSET, (short) intervalCs, BIG_ENDIAN);
        return this;
    }

    public VrrpFlyweight addressIpv4(int index, int address) {
        buffer.putInt(offset + HEADER_BYTES + index * Integer.BYTES, address, BIG_ENDIAN);
        return this;
    }

    public VrrpFlyweight address(int index, long high, long low) {
        int at = offset + HEADER_BYTES + index * 2 * Long.BYTES;
        buffer.putLong(at, high, BIG_ENDIAN);
        buffer.putLong(at + Long.BYTES, low, BIG_ENDIAN);
        return this;
    }

    /**
     * Comes last.
     *
     * @param pseudoHeader partial sum over the pseudo-header, section 5.2.8
     */
    public VrrpFlyweight writeChecksum(long pseudoHeader, int lengthBytes) {
        buffer.putShort(offset + CHECKSUM_OFFSET, (short) 0);
        buffer.putShort(
                offset + CHECKSUM_OFFSET, (short) InternetChecksum.of(sum(pseudoHeader, lengthBytes)), BIG_ENDIAN);
        return this;
    }

    /** Whether the checksum over this many bytes and the pseudo-header is right. */
    public boolean isChecksumGood(long pseudoHeader, int lengthBytes) {
        return InternetChecksum.fold(sum(pseudoHeader, lengthBytes)) == 0xffff;
    }

    private long sum(long pseudoHeader, int lengthBytes) {
        return InternetChecksum.sum(buffer, offset, lengthBytes) + pseudoHeader;
    }

    private int u8(int field) {
        return buffer.getByte(offset + field) & 0xff;
    }
}
