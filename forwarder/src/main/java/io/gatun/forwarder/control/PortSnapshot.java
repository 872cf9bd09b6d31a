package io.gatun.forwarder.control;

/**
 * An interface that Gatun serves.
 *
 * @param name interface name
 * @param index ifindex
 * @param mac six bytes written as {@code 02:00:00:00:00:01}
 * @param mtu bytes
 * @param engine {@code xdp} or {@code raw}
 * @param reason why this engine, one sentence
 * @param mode how the engine is attached: {@code zero-copy}, {@code native}, {@code generic} (xdp), {@code tcx} (raw),
 *     {@code detached} before the start, {@code down} while the link is
 * @param queues receive queues, one agent each
 */
public record PortSnapshot(
        String name, int index, String mac, int mtu, String engine, String reason, String mode, int queues) {}
