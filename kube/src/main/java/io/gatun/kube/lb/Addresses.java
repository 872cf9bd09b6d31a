package io.gatun.kube.lb;

import io.gatun.kube.model.IpAddress;
import java.net.InetAddress;
import java.util.Optional;

/** One text for each address and network, whoever wrote it. */
final class Addresses {
    private Addresses() {}

    /** The canonical text (RFC 5952 for IPv6), or empty when it is no address. */
    static Optional<String> canonical(String text) {
        return parse(text).map(address -> IpAddress.of(address).toString());
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
        return IpAddress.of(bytes) + "/" + length;
    }

    private static Optional<InetAddress> parse(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
