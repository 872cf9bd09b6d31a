package io.gatun.forwarder.sys.netlink;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Walks the attributes after a message's body.
 *
 * <pre>
 *  0        2      4
 *  +--------+------+-----------+---------+
 *  | length | type | value ... | padding |
 *  +--------+------+-----------+---------+
 * </pre>
 *
 * struct nlattr of include/uapi/linux/netlink.h; the length counts its four header bytes, not the padding. Every reader
 * checks the value's length against its type.
 */
final class AttributeCursor {
    /** No MAC address, or one that is not of Ethernet's length. */
    static final long NO_MAC = -1;

    private static final int HEADER_BYTES = 4;
    /** Without NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
    private static final int TYPE_MASK = 0x3fff;

    private static final int IFNAME_BYTES_MAX = 16;
    private static final int MAC_BYTES = 6;

    private final ByteBuffer buffer;
    private final int end;
    private int next;
    private int type;
    private int value;
    private int length;

    AttributeCursor(ByteBuffer buffer, int start, int end) {
        this.buffer = buffer;
        this.next = start;
        this.end = end;
    }

    /** The attributes that follow a body of {@code bodyBytes} in the message at the cursor. */
    static AttributeCursor after(MessageCursor message, int bodyBytes) {
        int body = message.body(bodyBytes);
        return new AttributeCursor(
                message.buffer(), Math.min(body + Rtnetlink.align(bodyBytes), message.end()), message.end());
    }

    /** Steps to the next attribute. @throws MalformedException when its length cannot be */
    boolean next() {
        if (next >= end) {
            return false;
        }
        int left = end - next;
        int whole = left < HEADER_BYTES ? left : Short.toUnsignedInt(buffer.getShort(next));
        if (whole < HEADER_BYTES || whole > left) {
            throw new MalformedException("nla_len=" + whole + " with " + left + " bytes left");
        }
        type = buffer.getShort(next + 2) & TYPE_MASK;
        value = next + HEADER_BYTES;
        length = whole - HEADER_BYTES;
        next += Math.min(Rtnetlink.align(whole), left);
        return true;
    }

    int type() {
        return type;
    }

    int u8() {
        requireLength(1);
        return Byte.toUnsignedInt(buffer.get(value));
    }

    int u16() {
        requireLength(2);
        return Short.toUnsignedInt(buffer.getShort(value));
    }

    /** A number that the kernel keeps in network byte order. */
    int u16BigEndian() {
        requireLength(2);
        return Byte.toUnsignedInt(buffer.get(value)) << 8 | Byte.toUnsignedInt(buffer.get(value + 1));
    }

    int u32() {
        requireLength(4);
        return buffer.getInt(value);
    }

    /** A zero-terminated string. */
    String string(int bytesMax) {
        if (length < 1 || length > bytesMax || buffer.get(value + length - 1) != 0) {
            throw new MalformedException("attribute " + type + " is no string of " + bytesMax + " bytes");
        }
        byte[] bytes = new byte[length - 1];
        buffer.get(value, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    String interfaceName() {
        return string(IFNAME_BYTES_MAX);
    }

    /** Six bytes as a number, first byte highest; {@link #NO_MAC} for link layers with other addresses. */
    long mac() {
        if (length != MAC_BYTES) {
            return NO_MAC;
        }
        long mac = 0;
        for (int i = 0; i < MAC_BYTES; i++) {
            mac = (mac << 8) | Byte.toUnsignedLong(buffer.get(value + i));
        }
        return mac;
    }

    InetAddress address(int family) {
        requireLength(addressBytes(family));
        return addressAt(family, value);
    }

    /** struct rtvia: a family and an address of that family (RTA_VIA, Linux 4.1). */
    InetAddress via() {
        if (length < 2) {
            throw new MalformedException("RTA_VIA of " + length + " bytes");
        }
        int family = Short.toUnsignedInt(buffer.getShort(value));
        requireLength(2 + addressBytes(family));
        return addressAt(family, value + 2);
    }

    /** The attributes nested in this one's value, which starts with {@code headerBytes} of something else. */
    AttributeCursor nested(int headerBytes) {
        if (length < headerBytes) {
            throw new MalformedException("attribute " + type + " of " + length + " < " + headerBytes + " bytes");
        }
        return new AttributeCursor(buffer, value + headerBytes, value + length);
    }

    int valueOffset() {
        return value;
    }

    int valueLength() {
        return length;
    }

    static int addressBytes(int family) {
        return switch (family) {
            case Rtnetlink.AF_INET -> 4;
            case Rtnetlink.AF_INET6 -> 16;
            default -> throw new MalformedException("address of family " + family);
        };
    }

    private InetAddress addressAt(int family, int offset) {
        byte[] bytes = new byte[addressBytes(family)];
        buffer.get(offset, bytes);
        try {
            return family == Rtnetlink.AF_INET
                    ? InetAddress.getByAddress(bytes)
                    : Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException e) {
            throw new AssertionError("the length was checked", e);
        }
    }

    private void requireLength(int bytes) {
        if (length != bytes) {
            throw new MalformedException("attribute " + type + " of " + length + " bytes, not " + bytes);
        }
    }
}
