package io.gatun.kube.lb;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/** One text for each address and network, whoever wrote it. */
final class Addresses {
    private static final int GROUPS = 8;

    private Addresses() {}

    /** The canonical text (RFC 5952 for IPv6), or empty when it is no address. */
    static Optional<String> canonical(String text) {
        return parse(text).map(Addresses::text);
    }

    /** The canonical text, or the text itself when it is no address. */
    static String orAsIs(String text) {
        return canonical(text).orElse(text);
    }

    /** {@code address/length} without host bits; an address alone is a network of its own. */
    static String network(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> parsed = parse(slash < 0 ? text : text.substring(0, slash));
        if (parsed.isEmpty()) {
            return text;
        }
        byte[] bytes = parsed.get().getAddress();
        int length = bytes.length * Byte.SIZE;
        if (slash >= 0) {
            try {
                length = Math.min(length, Integer.parseUnsignedInt(text.substring(slash + 1)));
            } catch (NumberFormatException e) {
                return text;
            }
        }
        for (int bit = length; bit < bytes.length * Byte.SIZE; bit++) {
            bytes[bit / Byte.SIZE] &= (byte) ~(0x80 >>> bit % Byte.SIZE);
        }
        return text(bytes) + "/" + length;
    }

    private static Optional<InetAddress> parse(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String text(InetAddress address) {
        return address instanceof Inet4Address ? address.getHostAddress() : text(address.getAddress());
    }

    private static String text(byte[] bytes) {
        if (bytes.length == 4) {
            return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
        }
        int[] groups = new int[GROUPS];
        Arrays.setAll(groups, i -> (bytes[2 * i] & 0xff) << Byte.SIZE | (bytes[2 * i + 1] & 0xff));
        int from = 0;
        int longest = 1;
        for (int start = 0; start < GROUPS; start++) {
            int end = start;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - start > longest) {
                from = start;
                longest = end - start;
            }
        }
        return longest == 1
                ? hex(groups, 0, GROUPS)
                : hex(groups, 0, from) + "::" + hex(groups, from + longest, GROUPS);
    }

    private static String hex(int[] groups, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
