package io.gatun.lab;

import java.time.Duration;
import java.util.List;

/** Real servers for endpoints, each a JVM of its own in the host. */
public final class Servers {
    private static final Duration START = Duration.ofSeconds(30);

    private Servers() {}

    /** Starts {@link HttpEcho} and returns when it listens on {@code port} of all the host's addresses. */
    public static LabProcess http(Host host, String name, int port) {
        return start(host, "http-" + name, JavaCommand.small(HttpEcho.class, name, port(port)));
    }

    /** Starts {@link UdpEcho} and returns when it listens on {@code port} of all the host's addresses. */
    public static LabProcess udpEcho(Host host, String name, int port) {
        return start(host, "udp-" + name, JavaCommand.small(UdpEcho.class, name, port(port)));
    }

    private static LabProcess start(Host host, String name, List<String> command) {
        LabProcess server = host.start(ProcessSpec.of(command).named(name));
        server.awaitLine("^listening ", START);
        return server;
    }

    private static String port(int port) {
        if (port < 1 || port > 65535) {
            throw LabException.invalid("port", port, "must be 1-65535");
        }
        return Integer.toString(port);
    }
}
