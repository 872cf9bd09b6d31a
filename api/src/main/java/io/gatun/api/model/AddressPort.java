package io.gatun.api.model;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One end of a connection as text: {@code 10.0.0.7:51000}, {@code [2001:db8::7]:51000}, or an address alone.
 *
 * @param port 0-65535, or {@link #NO_PORT}
 */
public record AddressPort(InetAddress address, int port) {
    public static final int NO_PORT = -1;

    private static final int PORT_MAX = 65_535;
    private static final Pattern WITH_PORT = Pattern.compile("(?:\\[([^\\]]*)\\]|([^:]*)):(\\d{1,5})");
    private static final Pattern BRACKETS = Pattern.compile("\\[([^\\]]*)\\]");

    /** Reads it, or empty when the text is none. */
    public static Optional<AddressPort> parse(String text) {
        Matcher matcher = WITH_PORT.matcher(text);
        if (!matcher.matches()) {
            Matcher brackets = BRACKETS.matcher(text);
            return IpLiteral.parse(brackets.matches() ? brackets.group(1) : text)
                    .map(address -> new AddressPort(address, NO_PORT));
        }
        int port = Integer.parseInt(matcher.group(3));
        if (port > PORT_MAX) {
            return Optional.empty();
        }
        return IpLiteral.parse(matcher.group(1) == null ? matcher.group(2) : matcher.group(1))
                .map(address -> new AddressPort(address, port));
    }

    public boolean hasPort() {
        return port != NO_PORT;
    }

    /** Both as one text; an IPv6 address stands in brackets. */
    public static String text(InetAddress address, int port) {
        String host = IpLiteral.text(address);
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
