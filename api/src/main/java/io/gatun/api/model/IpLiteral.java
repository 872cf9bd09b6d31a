package io.gatun.api.model;

import io.gatun.forwarder.control.AddressText;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * IP addresses as text. Four decimal numbers without leading zeros, or RFC 4291 text without a scope; never a name, so
 * nothing is looked up.
 */
public final class IpLiteral {
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private IpLiteral() {}

    /** The address, or empty when the text is none. An IPv4-mapped one is the IPv4 address that it stands for. */
    public static Optional<InetAddress> parse(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The one text that an address has, of IPv6 that of RFC 5952. */
    public static String text(InetAddress address) {
        return AddressText.of(address);
    }

    /** Whether both are IPv4 or both IPv6. */
    public static boolean sameFamily(InetAddress one, InetAddress other) {
        return one instanceof Inet4Address == other instanceof Inet4Address;
    }

    /** {@code IPv4} or {@code IPv6}. */
    public static String family(InetAddress address) {
        return address instanceof Inet4Address ? "IPv4" : "IPv6";
    }
}
