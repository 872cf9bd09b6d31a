package io.gatun.api.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * An interface, as {@code GET config/port/all} shows it.
 *
 * @param engine Gatun's own addition: how packets are read and written
 */
public record Port(
        String portName,
        int portNo,
        String zone,
        Software portSoftwareInformation,
        Hardware portHardwareInformation,
        Statistic portStatisticInformation,
        Layer3 portL3Information,
        Layer2 portL2Information,
        @JsonProperty("DataplaneSync") int dataplaneSync,
        Engine engine) {
    /** All interfaces. */
    public record All(List<Port> portAttr) {}

    /** What the data plane knows of it. */
    public record Software(int osId, int portType, int portProp, boolean portActive, boolean bpfLoaded) {}

    /**
     * What the kernel knows of it.
     *
     * @param rawMacAddress six numbers 0-255
     */
    public record Hardware(
            List<Integer> rawMacAddress,
            String macAddress,
            boolean link,
            boolean state,
            int mtu,
            String master,
            String real,
            int tunnelId) {}

    /** What went through it. */
    public record Statistic(long rxBytes, long txBytes, long rxPackets, long txPackets, long rxErrors, long txErrors) {}

    /** Its addresses in CIDR notation. */
    public record Layer3(
            boolean routed,
            @JsonProperty("IPv4Address") List<String> ipv4Address,
            @JsonProperty("IPv6Address") List<String> ipv6Address) {}

    /** Its VLAN. */
    public record Layer2(boolean isPvid, int vid) {}

    /**
     * Packet I/O.
     *
     * @param name {@code xdp} or {@code raw}
     * @param mode {@code zero-copy}, {@code native}, {@code generic}, {@code tcx}, {@code detached} or {@code down}
     * @param reason why this engine, one sentence
     * @param queues receive queues
     */
    public record Engine(String name, String mode, String reason, int queues) {}
}
