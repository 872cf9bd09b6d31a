package io.gatun.ha.wire;

import java.net.InetAddress;

/**
 * An address of either family as two numbers, big-endian as on the wire. An IPv4 address is the mapped one of RFC 4291
 * section 2.5.5.2, so that both families share a table.
 *
 * @param high bytes 0-7, 0 for IPv4
 * @param low bytes 8-15, {@code 0x0000_ffff_0000_0000 | ip} for IPv4
 */
public record IpAddress(long high, long low) {
    private static final long MAPPED = 0xffff_0000_0000L;
    private static final int GROUPS = 8;

    /** {@code 192.168.80.200} becomes (0, {@code 0xffff_c0a8_50c8}). A scope is left away. */
    public static IpAddress of(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == Integer.BYTES) {
            return ofIpv4((int) number(bytes, 0, Integer.BYTES));
        }
        return new IpAddress(number(bytes, 0, Long.BYTES), number(bytes, Long.BYTES, Long.BYTES));
    }

    /** Of the big-endian number that an IPv4 address is on the wire. */
    public static IpAddress ofIpv4(int ip) {
        return new IpAddress(0, lowOfIpv4(ip));
    }

    /** The low half of {@link #ofIpv4}; the high half is 0. */
    public static long lowOfIpv4(int ip) {
        return MAPPED | Integer.toUnsignedLong(ip);
    }

    public boolean isIpv4() {
        return high == 0 && (low & 0xffff_ffff_0000_0000L) == MAPPED;
    }

    /** The IPv4 address as a number; meaningless for IPv6. */
    public int ipv4() {
        return (int) low;
    }

    /** Whether this is 0.0.0.0 or ::, the address of nobody. */
    public boolean isUnspecified() {
        return high == 0 && (low == 0 || low == MAPPED);
    }

    private static long number(byte[] bytes, int offset, int length) {
        long number = 0;
        for (int i = offset; i < offset + length; i++) {
            number = number << Byte.SIZE | (bytes[i] & 0xff);
        }
        return number;
    }

    /** In the form of RFC 5952: {@code 192.168.80.200}, {@code 2001:db8:80::c8}. */
    @Override
    public String toString() {
        if (isIpv4()) {
            int ip = ipv4();
            return (ip >>> 24) + "." + ((ip >>> 16) & 0xff) + "." + ((ip >>> 8) & 0xff) + "." + (ip & 0xff);
        }
        int gap = longestGap();
        int gapEnd = gap < 0 ? -1 : gap + zeroesFrom(gap);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                text.append("::");
                i = gapEnd - 1;
            } else {
                text.append(i == 0 || i == gapEnd ? "" : ":").append(Integer.toHexString(group(i)));
            }
        }
        return text.toString();
    }

    /** Where the longest run of at least two zero groups begins, the first of equals; -1 when there is none. */
    private int longestGap() {
        int best = -1;
        int longest = 1;
        for (int i = 0; i < GROUPS; i++) {
            if (zeroesFrom(i) > longest) {
                best = i;
                longest = zeroesFrom(i);
            }
        }
        return best;
    }

    private int zeroesFrom(int first) {
        int count = 0;
        while (first + count < GROUPS && group(first + count) == 0) {
            count++;
        }
        return count;
    }

    private int group(int index) {
        long half = index < GROUPS / 2 ? high : low;
        return (int) (half >>> (48 - index % (GROUPS / 2) * Short.SIZE)) & 0xffff;
    }
}
