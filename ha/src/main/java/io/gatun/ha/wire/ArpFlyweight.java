package io.gatun.ha.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.MutableDirectBuffer;

/**
 * An Ethernet frame that carries ARP for IPv4 (RFC 826, RFC 5227 section 2.1.1). All numbers are big-endian.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                    Ethernet destination                       |
 *  +-------------------------------+-------------------------------+
 *  |  Ethernet destination (4-5)   |        Ethernet source        |
 *  +-------------------------------+-------------------------------+
 *  |                    Ethernet source (2-5)                      |
 *  +-------------------------------+-------------------------------+
 *  |       Ethertype 0x0806        |        Hardware type 1        |
 *  +-------------------------------+---------------+---------------+
 *  |     Protocol type 0x0800      |  HW length 6  | Proto length 4|
 *  +-------------------------------+---------------+---------------+
 *  |   Operation: request 1,       |    Sender hardware address    |
 *  |   reply 2                     |                               |
 *  +-------------------------------+-------------------------------+
 *  |                Sender hardware address (2-5)                  |
 *  +---------------------------------------------------------------+
 *  |                   Sender protocol address                     |
 *  +---------------------------------------------------------------+
 *  |                   Target hardware address                     |
 *  +-------------------------------+-------------------------------+
 *  | Target hardware address (4-5) |    Target protocol address    |
 *  +-------------------------------+-------------------------------+
 *  | Target protocol address (2-3) |
 *  +-------------------------------+
 * </pre>
 */
public final class ArpFlyweight {
    public static final int LENGTH_BYTES = 42;

    public static final int DESTINATION_OFFSET = 0;
    public static final int SOURCE_OFFSET = 6;
    public static final int ETHERTYPE_OFFSET = 12;
    public static final int HARDWARE_TYPE_OFFSET = 14;
    public static final int PROTOCOL_TYPE_OFFSET = 16;
    public static final int HARDWARE_LENGTH_OFFSET = 18;
    public static final int PROTOCOL_LENGTH_OFFSET = 19;
    public static final int OPERATION_OFFSET = 20;
    public static final int SENDER_MAC_OFFSET = 22;
    public static final int SENDER_IP_OFFSET = 28;
    public static final int TARGET_MAC_OFFSET = 32;
    public static final int TARGET_IP_OFFSET = 38;

    /** ETH_P_ARP of linux/if_ether.h. */
    public static final int ETHERTYPE = 0x0806;

    public static final int REQUEST = 1;
    public static final int REPLY = 2;

    private static final int HARDWARE_ETHERNET = 1;
    private static final int PROTOCOL_IPV4 = 0x0800;
    private static final int MAC_LENGTH_BYTES = 6;
    private static final int IPV4_LENGTH_BYTES = 4;

    private MutableDirectBuffer buffer;
    private int offset;

    /** Looks at the frame that starts at this offset. */
    public ArpFlyweight wrap(MutableDirectBuffer buffer, int offset) {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    /**
     * Whether the fields may be read.
     *
     * @param lengthBytes of the frame as received; padding behind the ARP packet is ignored
     */
    public ArpValidity validate(int lengthBytes) {
        if (lengthBytes < HARDWARE_TYPE_OFFSET) {
            return ArpValidity.TRUNCATED;
        }
        if (u16(ETHERTYPE_OFFSET) != ETHERTYPE) {
            return ArpValidity.NOT_ARP;
        }
        if (lengthBytes < LENGTH_BYTES) {
            return ArpValidity.TRUNCATED;
        }
        if (u16(HARDWARE_TYPE_OFFSET) != HARDWARE_ETHERNET || u8(HARDWARE_LENGTH_OFFSET) != MAC_LENGTH_BYTES) {
            return ArpValidity.NOT_ETHERNET;
        }
        if (u16(PROTOCOL_TYPE_OFFSET) != PROTOCOL_IPV4 || u8(PROTOCOL_LENGTH_OFFSET) != IPV4_LENGTH_BYTES) {
            return ArpValidity.NOT_IPV4;
        }
        return MacAddress.isStation(senderMac()) ? ArpValidity.VALID : ArpValidity.SENDER_NOT_A_STATION;
    }

    /** Writes what every ARP packet for IPv4 over Ethernet has in common. */
    public ArpFlyweight fillConstants() {
        u16(ETHERTYPE_OFFSET, ETHERTYPE);
        u16(HARDWARE_TYPE_OFFSET, HARDWARE_ETHERNET);
        u16(PROTOCOL_TYPE_OFFSET, PROTOCOL_IPV4);
        buffer.putByte(offset + HARDWARE_LENGTH_OFFSET, (byte) MAC_LENGTH_BYTES);
        buffer.putByte(offset + PROTOCOL_LENGTH_OFFSET, (byte) IPV4_LENGTH_BYTES);
        return this;
    }

    public long destination() {
        return mac(DESTINATION_OFFSET);
    }

    public ArpFlyweight destination(long mac) {
        return mac(DESTINATION_OFFSET, mac);
    }

    public long source() {
        return mac(SOURCE_OFFSET);
    }

    public ArpFlyweight source(long mac) {
        return mac(SOURCE_OFFSET, mac);
    }

    public int operation() {
        return u16(OPERATION_OFFSET);
    }

    public ArpFlyweight operation(int operation) {
        return u16(OPERATION_OFFSET, operation);
    }

    public long senderMac() {
        return mac(SENDER_MAC_OFFSET);
    }

    public ArpFlyweight senderMac(long mac) {
        return mac(SENDER_MAC_OFFSET, mac);
    }

    public int senderIp() {
        return ip(SENDER_IP_OFFSET);
    }

    public ArpFlyweight senderIp(int ip) {
        return ip(SENDER_IP_OFFSET, ip);
    }

    public long targetMac() {
        return mac(TARGET_MAC_OFFSET);
    }

    public ArpFlyweight targetMac(long mac) {
        return mac(TARGET_MAC_OFFSET, mac);
    }

    public int targetIp() {
        return ip(TARGET_IP_OFFSET);
    }

    public ArpFlyweight targetIp(int ip) {
        return ip(TARGET_IP_OFFSET, ip);
    }

    private int u8(int field) {
        return buffer.getByte(offset + field) & 0xff;
    }

    private int u16(int field) {
        return buffer.getShort(offset + field, BIG_ENDIAN) & 0xffff;
    }

    private ArpFlyweight u16(int field, int value) {
        buffer.putShort(offset + field, (short) value, BIG_ENDIAN);
        return this;
    }

    private int ip(int field) {
        return buffer.getInt(offset + field, BIG_ENDIAN);
    }

    private ArpFlyweight ip(int field, int value) {
        buffer.putInt(offset + field, value, BIG_ENDIAN);
        return this;
    }

    private long mac(int field) {
        return (long) u16(field) << 32 | (buffer.getInt(offset + field + 2, BIG_ENDIAN) & 0xffff_ffffL);
    }

    private ArpFlyweight mac(int field, long value) {
        u16(field, (int) (value >>> 32));
        return ip(field + 2, (int) value);
    }
}
