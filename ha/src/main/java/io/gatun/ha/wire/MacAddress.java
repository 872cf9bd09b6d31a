package io.gatun.ha.wire;

import io.gatun.forwarder.control.RejectedException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * An Ethernet address.
 *
 * @param bits the six bytes in the low 48 bits, first byte on the wire highest
 */
public record MacAddress(long bits) {
    /** ff:ff:ff:ff:ff:ff */
    public static final long BROADCAST = 0xffff_ffff_ffffL;

    /** 33:33 and the last four bytes of an IPv6 group, RFC 2464 section 7. */
    private static final long IPV6_GROUP = 0x3333_0000_0000L;

    /** 01:00:5e and the last 23 bits of an IPv4 group, RFC 1112 section 6.4. */
    private static final long IPV4_GROUP = 0x0100_5e00_0000L;

    private static final long GROUP_BIT = 1L << 40;
    private static final Pattern TEXT = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");

    /**
     * Reads {@code 02:00:00:00:00:01}.
     *
     * @throws RejectedException when it is anything else
     */
    public static MacAddress parse(String text) {
        if (!TEXT.matcher(text).matches()) {
            throw RejectedException.invalid("mac", text, "write six bytes as 02:00:00:00:00:01");
        }
        return new MacAddress(HexFormat.fromHexDigitsToLong(text.replace(":", "")));
    }

    /** Whether a single interface can own this address: neither broadcast, nor multicast, nor all zero. */
    public static boolean isStation(long bits) {
        return bits != 0 && (bits & GROUP_BIT) == 0;
    }

    /** Whether frames to this address are for everyone or a group (I/G bit, IEEE 802 8.2). */
    public static boolean isGroup(long bits) {
        return (bits & GROUP_BIT) != 0;
    }

    /** The bits of the address to which frames for a multicast group go. */
    public static long ofGroup(IpAddress group) {
        if (group.isIpv4()) {
            return IPV4_GROUP | (group.ipv4() & 0x7f_ffff);
        }
        return IPV6_GROUP | (group.low() & 0xffff_ffffL);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(17);
        for (int shift = 40; shift >= 0; shift -= 8) {
            HexFormat.of().toHexDigits(text, (byte) (bits >>> shift));
            text.append(shift > 0 ? ":" : "");
        }
        return text.toString();
    }
}
