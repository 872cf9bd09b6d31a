package io.gatun.kube.ipam;

import java.util.Optional;

/**
 * A port that a Service takes on its address.
 *
 * @param port 1 to 65,535
 * @param protocol {@code tcp}, {@code udp} or {@code sctp}
 */
public record PortUse(int port, String protocol) implements Comparable<PortUse> {
    private static final int PORT_MAX = 65_535;

    /** Reads {@code 80/tcp}. */
    public static Optional<PortUse> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || !text.substring(0, slash).matches("[1-9]\\d{0,4}")) {
            return Optional.empty();
        }
        int port = Integer.parseInt(text.substring(0, slash));
        return port > PORT_MAX ? Optional.empty() : Optional.of(new PortUse(port, text.substring(slash + 1)));
    }

    @Override
    public int compareTo(PortUse other) {
        int order = Integer.compare(port, other.port);
        return order == 0 ? protocol.compareTo(other.protocol) : order;
    }

    @Override
    public String toString() {
        return port + "/" + protocol;
    }
}
