package io.gatun.forwarder.packet;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Ethernet II header.
 *
 * <pre>
 *  0               6               12      14
 *  +---------------+---------------+-------+
 *  | destination   | source        | type  |
 *  +---------------+---------------+-------+
 * </pre>
 *
 * MAC addresses are longs of 48 bits, the first byte on the wire being the most significant.
 */
public final class EthernetFlyweight {
    /** Bytes of the header. */
    public static final int LENGTH = 14;

    /** ETH_P_IP of include/uapi/linux/if_ether.h. */
    public static final int TYPE_IPV4 = 0x0800;

    /** ETH_P_ARP of include/uapi/linux/if_ether.h. */
    public static final int TYPE_ARP = 0x0806;

    /** ETH_P_IPV6 of include/uapi/linux/if_ether.h. */
    public static final int TYPE_IPV6 = 0x86DD;

    /** ETH_P_8021Q of include/uapi/linux/if_ether.h: a VLAN tag of four bytes, then the next type. */
    public static final int TYPE_VLAN = 0x8100;

    /** ETH_P_8021AD of include/uapi/linux/if_ether.h: the outer one of two VLAN tags. */
    public static final int TYPE_QINQ = 0x88A8;

    /** Bytes that a VLAN tag adds. */
    public static final int TAG_LENGTH = 4;

    private static final int DESTINATION = 0;
    private static final int SOURCE = 6;
    private static final int TYPE = 12;

    private UnsafeBuffer buffer;
    private int offset;

    public EthernetFlyweight wrap(UnsafeBuffer buffer, int offset) {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    public long destination() {
        return mac(buffer, offset + DESTINATION);
    }

    public long source() {
        return mac(buffer, offset + SOURCE);
    }

    public int type() {
        return buffer.getShort(offset + TYPE, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    public EthernetFlyweight type(int type) {
        buffer.putShort(offset + TYPE, (short) type, ByteOrder.BIG_ENDIAN);
        return this;
    }

    /** Writes an 802.1Q tag of this VLAN, priority 0, and the type behind it. */
    public EthernetFlyweight tag(int vid, int type) {
        buffer.putInt(offset + TYPE, TYPE_VLAN << 16 | vid, ByteOrder.BIG_ENDIAN);
        buffer.putShort(offset + TYPE + TAG_LENGTH, (short) type, ByteOrder.BIG_ENDIAN);
        return this;
    }

    public EthernetFlyweight addresses(long destination, long source) {
        buffer.putLong(offset + DESTINATION, (destination << 16) | (source >>> 32), ByteOrder.BIG_ENDIAN);
        buffer.putInt(offset + SOURCE + 2, (int) source, ByteOrder.BIG_ENDIAN);
        return this;
    }

    private static long mac(UnsafeBuffer buffer, int index) {
        long high = buffer.getInt(index, ByteOrder.BIG_ENDIAN) & 0xFFFF_FFFFL;
        return (high << 16) | (buffer.getShort(index + 4, ByteOrder.BIG_ENDIAN) & 0xFFFFL);
    }
}
