package io.gatun.api.model;

import io.gatun.forwarder.control.PortSnapshot;
import java.util.List;

/**
 * How packets get from an interface and back, as {@code GET /gatun/v1/ports} shows it.
 *
 * @param name interface name
 * @param engine {@code xdp} or {@code raw}
 * @param mode how the engine is attached
 * @param reason why this engine, one sentence
 * @param queues receive queues, one agent each
 * @param mtu bytes
 */
public record IoPort(String name, String engine, String mode, String reason, int queues, int mtu) {
    public static IoPort of(PortSnapshot port) {
        return new IoPort(port.name(), port.engine(), port.mode(), port.reason(), port.queues(), port.mtu());
    }

    /** All interfaces that are served. */
    public record All(List<IoPort> ports) {}
}
