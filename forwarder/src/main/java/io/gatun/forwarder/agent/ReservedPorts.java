package io.gatun.forwarder.agent;

import io.gatun.forwarder.nat.PortSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the kernel from giving the node's own programs a port that our traffic from the node's address uses:
 * {@code net.ipv4.ip_local_reserved_ports} (Documentation/networking/ip-sysctl.rst). What was there is restored at a
 * clean stop. A program that asks for one of these ports by number still gets it.
 */
final class ReservedPorts implements AutoCloseable {
    static final Path SYSCTL = Path.of("/proc/sys/net/ipv4/ip_local_reserved_ports");

    private static final Logger LOG = LoggerFactory.getLogger(ReservedPorts.class);

    private final Path sysctl;
    private String before;

    ReservedPorts(Path sysctl) {
        this.sysctl = sysctl;
    }

    /** Adds the range, once. Where the sysctl cannot be written, forwarding goes on and the log says so. */
    void reserve(PortSpace ports) {
        if (before != null) {
            return;
        }
        try {
            String present = Files.readString(sysctl).strip();
            String range = ports.first() + "-" + ports.last();
            Files.writeString(sysctl, present.isEmpty() ? range : present + "," + range);
            before = present;
        } catch (IOException e) {
            LOG.warn("{} cannot be set, programs of this node may use our source ports: {}", sysctl, e.toString());
        }
    }

    @Override
    public void close() {
        if (before == null) {
            return;
        }
        try {
            Files.writeString(sysctl, before + "\n");
        } catch (IOException e) {
            LOG.warn("{} cannot be restored to '{}': {}", sysctl, before, e.toString());
        }
        before = null;
    }
}
