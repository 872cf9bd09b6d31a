package io.gatun.ha.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.gatun.forwarder.packet.InternetChecksum;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An Ethernet frame that carries a neighbour solicitation or advertisement (RFC 4861 sections 4.3 and 4.4) straight
 * behind the IPv6 header. All numbers are big-endian.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |   Ethernet destination (6), source (6), ethertype 0x86dd      |  0
 *  +-------+---------------+---------------------------------------+
 *  |Version| Traffic class |              Flow label               |  14
 *  +-------+-----------------------+---------------+---------------+
 *  |        Payload length         |Next header 58 | Hop limit 255 |  18
 *  +-------------------------------+---------------+---------------+
 *  |                     Source address (16)                       |  22
 *  +---------------------------------------------------------------+
 *  |                   Destination address (16)                    |  38
 *  +---------------+---------------+-------------------------------+
 *  | Type 135, 136 |    Code 0     |           Checksum            |  54
 *  +-+-+-+---------+---------------+-------------------------------+
 *  |R|S|O|        Reserved; flags in an advertisement only         |  58
 *  +-+-+-+---------------------------------------------------------+
 *  |                     Target address (16)                       |  62
 *  +---------------+---------------+-------------------------------+
 *  | Option type   | Length in 8 B |  Link-layer address (6) ...   |  78
 *  +---------------+---------------+-------------------------------+
 * </pre>
 */
public final class NdpFlyweight {
    /** With one option, the link-layer address: what Gatun sends. */
    public static final int LENGTH_BYTES = 86;

    public static final int DESTINATION_OFFSET = 0;
    public static final int SOURCE_OFFSET = 6;
    public static final int ETHERTYPE_OFFSET = 12;
    public static final int IP_OFFSET = 14;
    public static final int PAYLOAD_LENGTH_OFFSET = 18;
    public static final int NEXT_HEADER_OFFSET = 20;
    public static final int HOP_LIMIT_OFFSET = 21;
    public static final int SOURCE_IP_OFFSET = 22;
    public static final int DESTINATION_IP_OFFSET = 38;
    public static final int TYPE_OFFSET = 54;
    public static final int CODE_OFFSET = 55;
    public static final int CHECKSUM_OFFSET = 56;
    public static final int FLAGS_OFFSET = 58;
    public static final int TARGET_OFFSET = 62;
    public static final int OPTIONS_OFFSET = 78;

    /** ETH_P_IPV6 of linux/if_ether.h. */
    public static final int ETHERTYPE = 0x86dd;

    /** IPPROTO_ICMPV6 of linux/in6.h. */
    public static final int ICMPV6 = 58;

    public static final int SOLICITATION = 135;
    public static final int ADVERTISEMENT = 136;

    /** Flags of an advertisement, as the 32-bit word they stand in. */
    public static final int SOLICITED = 0x4000_0000;

    public static final int OVERRIDE = 0x2000_0000;

    private static final int VERSION_6 = 6;
    private static final int HOP_LIMIT = 255;
    private static final int OPTION_UNIT_BYTES = 8;
    private static final int SOURCE_LINK_LAYER = 1;
    private static final int TARGET_LINK_LAYER = 2;

    private UnsafeBuffer buffer;
    private int offset;

    /** Looks at the frame that starts at this offset. */
    public NdpFlyweight wrap(UnsafeBuffer buffer, int offset) {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    /**
     * Whether the fields may be read: the checks of RFC 4861 sections 7.1.1 and 7.1.2.
     *
     * @param lengthBytes of the frame as received; padding behind the IPv6 packet is ignored
     */
    public NdpValidity validate(int lengthBytes) {
        if (lengthBytes < IP_OFFSET) {
            return NdpValidity.TRUNCATED;
        }
        if (u16(ETHERTYPE_OFFSET) != ETHERTYPE) {
            return NdpValidity.NOT_NDP;
        }
        if (lengthBytes <= TYPE_OFFSET) {
            return NdpValidity.TRUNCATED;
        }
        if (u8(IP_OFFSET) >>> 4 != VERSION_6 || u8(NEXT_HEADER_OFFSET) != ICMPV6 || !isNdp(type())) {
            return NdpValidity.NOT_NDP;
        }
        int end = TYPE_OFFSET + u16(PAYLOAD_LENGTH_OFFSET);
        if (end > lengthBytes || end < OPTIONS_OFFSET) {
            return NdpValidity.TRUNCATED;
        }
        if (u8(HOP_LIMIT_OFFSET) != HOP_LIMIT) {
            return NdpValidity.FROM_AFAR;
        }
        if (InternetChecksum.fold(messageSum()) != 0xffff) {
            return NdpValidity.BAD_CHECKSUM;
        }
        return u8(CODE_OFFSET) == 0 ? validateMessage(end) : NdpValidity.UNKNOWN_CODE;
    }

    private static boolean isNdp(int type) {
        return type == SOLICITATION || type == ADVERTISEMENT;
    }

    private NdpValidity validateMessage(int end) {
        if (!hasGoodOptions(end)) {
            return NdpValidity.BAD_OPTION;
        }
        if (isMulticast(TARGET_OFFSET)) {
            return NdpValidity.TARGET_IS_A_GROUP;
        }
        if (isMulticast(SOURCE_IP_OFFSET) || !MacAddress.isStation(source()) || !MacAddress.isStation(senderMac())) {
            return NdpValidity.SENDER_NOT_A_STATION;
        }
        if (type() == ADVERTISEMENT) {
            boolean good = (u32(FLAGS_OFFSET) & SOLICITED) == 0 || !isMulticast(DESTINATION_IP_OFFSET);
            return good ? NdpValidity.VALID : NdpValidity.SOLICITED_BY_A_GROUP;
        }
        boolean good =
                !isFromNobody() || (isSolicitedNode(DESTINATION_IP_OFFSET) && option(SOURCE_LINK_LAYER, end) < 0);
        return good ? NdpValidity.VALID : NdpValidity.BAD_PROBE;
    }

    /** Each option has a length and ends inside the packet; a link-layer address is one of Ethernet. */
    private boolean hasGoodOptions(int end) {
        int at = OPTIONS_OFFSET;
        while (end - at >= OPTION_UNIT_BYTES) {
            int lengthBytes = u8(at + 1) * OPTION_UNIT_BYTES;
            boolean linkLayer = u8(at) == SOURCE_LINK_LAYER || u8(at) == TARGET_LINK_LAYER;
            if (lengthBytes == 0 || (linkLayer && lengthBytes != OPTION_UNIT_BYTES)) {
                return false;
            }
            at += lengthBytes;
        }
        return at == end;
    }

    /** Where the first option of this type stands, -1 when there is none. */
    private int option(int type, int end) {
        for (int at = OPTIONS_OFFSET; at < end; at += u8(at + 1) * OPTION_UNIT_BYTES) {
            if (u8(at) == type) {
                return at;
            }
        }
        return -1;
    }

    /** Writes what both messages have in common when they carry one link-layer address. */
    public NdpFlyweight fillConstants() {
        u16(ETHERTYPE_OFFSET, ETHERTYPE);
        u32(IP_OFFSET, VERSION_6 << 28);
        u16(PAYLOAD_LENGTH_OFFSET, LENGTH_BYTES - TYPE_OFFSET);
        u8(NEXT_HEADER_OFFSET, ICMPV6);
        u8(HOP_LIMIT_OFFSET, HOP_LIMIT);
        u8(CODE_OFFSET, 0);
        u8(OPTIONS_OFFSET + 1, 1);
        return this;
    }

    public long destination() {
        return mac(DESTINATION_OFFSET);
    }

    public NdpFlyweight destination(long mac) {
        return mac(DESTINATION_OFFSET, mac);
    }

    public long source() {
        return mac(SOURCE_OFFSET);
    }

    public NdpFlyweight source(long mac) {
        return mac(SOURCE_OFFSET, mac);
    }

    public long sourceHigh() {
        return u64(SOURCE_IP_OFFSET);
    }

    public long sourceLow() {
        return u64(SOURCE_IP_OFFSET + Long.BYTES);
    }

    public NdpFlyweight sourceIp(long high, long low) {
        return ip(SOURCE_IP_OFFSET, high, low);
    }

    public NdpFlyweight destinationIp(long high, long low) {
        return ip(DESTINATION_IP_OFFSET, high, low);
    }

    /** {@link #SOLICITATION} or {@link #ADVERTISEMENT}. */
    public int type() {
        return u8(TYPE_OFFSET);
    }

    /** The address that is asked for or advertised. */
    public long targetHigh() {
        return u64(TARGET_OFFSET);
    }

    public long targetLow() {
        return u64(TARGET_OFFSET + Long.BYTES);
    }

    public NdpFlyweight target(long high, long low) {
        return ip(TARGET_OFFSET, high, low);
    }

    /** Whether the source is ::, as that of a host which wants to take the target (RFC 4862 section 5.4.2). */
    public boolean isFromNobody() {
        return (sourceHigh() | sourceLow()) == 0;
    }

    /** Where the sender says that it, or the target it advertises, is; the Ethernet source when it says nothing. */
    public long senderMac() {
        int type = type() == SOLICITATION ? SOURCE_LINK_LAYER : TARGET_LINK_LAYER;
        int option = option(type, TYPE_OFFSET + u16(PAYLOAD_LENGTH_OFFSET));
        return option < 0 ? source() : mac(option + 2);
    }

    /** Makes it an advertisement of the target at this MAC. */
    public NdpFlyweight advertise(int flags, long mac) {
        u8(TYPE_OFFSET, ADVERTISEMENT);
        u32(FLAGS_OFFSET, flags);
        u8(OPTIONS_OFFSET, TARGET_LINK_LAYER);
        return mac(OPTIONS_OFFSET + 2, mac);
    }

    /** Makes it a solicitation of the target by a host at this MAC. */
    public NdpFlyweight solicit(long mac) {
        u8(TYPE_OFFSET, SOLICITATION);
        u32(FLAGS_OFFSET, 0);
        u8(OPTIONS_OFFSET, SOURCE_LINK_LAYER);
        return mac(OPTIONS_OFFSET + 2, mac);
    }

    /** Comes last: over the pseudo-header and the message (RFC 4443 section 2.3). */
    public NdpFlyweight writeChecksum() {
        u16(CHECKSUM_OFFSET, 0);
        u16(CHECKSUM_OFFSET, InternetChecksum.of(messageSum()));
        return this;
    }

    /** Both addresses, the length, the next header and the message. */
    private long messageSum() {
        int lengthBytes = u16(PAYLOAD_LENGTH_OFFSET);
        return InternetChecksum.sum(buffer, offset + SOURCE_IP_OFFSET, 4 * Long.BYTES + lengthBytes)
                + lengthBytes
                + ICMPV6;
    }

    private boolean isMulticast(int field) {
        return u8(field) == 0xff;
    }

    /** ff02::1:ff00:0/104, RFC 4291 section 2.7.1. */
    private boolean isSolicitedNode(int field) {
        return SolicitedNode.isGroup(u64(field), u64(field + Long.BYTES));
    }

    private int u8(int field) {
        return buffer.getByte(offset + field) & 0xff;
    }

    private void u8(int field, int value) {
        buffer.putByte(offset + field, (byte) value);
    }

    private int u16(int field) {
        return buffer.getShort(offset + field, BIG_ENDIAN) & 0xffff;
    }

    private void u16(int field, int value) {
        buffer.putShort(offset + field, (short) value, BIG_ENDIAN);
    }

    private int u32(int field) {
        return buffer.getInt(offset + field, BIG_ENDIAN);
    }

    private void u32(int field, int value) {
        buffer.putInt(offset + field, value, BIG_ENDIAN);
    }

    private long u64(int field) {
        return buffer.getLong(offset + field, BIG_ENDIAN);
    }

    private NdpFlyweight ip(int field, long high, long low) {
        buffer.putLong(offset + field, high, BIG_ENDIAN);
        buffer.putLong(offset + field + Long.BYTES, low, BIG_ENDIAN);
        return this;
    }

    private long mac(int field) {
        return (long) u16(field) << 32 | (u32(field + 2) & 0xffff_ffffL);
    }

    private NdpFlyweight mac(int field, long value) {
        u16(field, (int) (value >>> 32));
        u32(field + 2, (int) value);
        return this;
    }
}
