package io.gatun.kube.model;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An address that can be counted from.
 *
 * @param family of {@code value}
 * @param value of all its bits, unsigned
 */
public record IpAddress(Family family, BigInteger value) implements Comparable<IpAddress> {
    private static final Pattern IPV4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
    private static final int GROUPS = 8;

    /** Reads an address in text form; empty for anything else, names and zones included. Nothing is looked up. */
    public static Optional<IpAddress> parse(String text) {
        try {
            if (IPV4.matcher(text).matches()) {
                return Optional.of(of(Inet4Address.ofLiteral(text)));
            }
            if (text.indexOf(':') < 0 || text.indexOf('%') >= 0 || text.indexOf('[') >= 0) {
                return Optional.empty();
            }
            // A mapped address comes back as the IPv4 address, and is not what was written.
            InetAddress address = Inet6Address.ofLiteral(text);
            return address instanceof Inet6Address ? Optional.of(of(address)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** As the JDK has it; a mapped address is one of IPv4 there. */
    public static IpAddress of(InetAddress address) {
        return of(address.getAddress());
    }

    /** Of 4 or 16 bytes, the highest first. */
    public static IpAddress of(byte[] bytes) {
        return new IpAddress(bytes.length == Integer.BYTES ? Family.IPV4 : Family.IPV6, new BigInteger(1, bytes));
    }

    /** The one that is so many later. */
    public IpAddress plus(long count) {
        return new IpAddress(family, value.add(BigInteger.valueOf(count)));
    }

    /** Whether it is 0.0.0.0 or ::, which stands for every address of a load balancer. */
    public boolean isAny() {
        return value.signum() == 0;
    }

    @Override
    public int compareTo(IpAddress other) {
        int order = family.compareTo(other.family);
        return order == 0 ? value.compareTo(other.value) : order;
    }

    /** Canonical: RFC 5952 for IPv6. */
    @Override
    public String toString() {
        return family == Family.IPV4 ? dotted() : colons();
    }

    private String dotted() {
        long bits = value.longValue();
        return (bits >> 24 & 0xff) + "." + (bits >> 16 & 0xff) + "." + (bits >> 8 & 0xff) + "." + (bits & 0xff);
    }

    private String colons() {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = value.shiftRight(16 * (GROUPS - 1 - i)).intValue() & 0xffff;
        }
        int start = 0;
        int length = 1;
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (length > 1 && i == start) {
                text.append("::");
                i += length - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
