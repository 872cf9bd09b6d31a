package io.gatun.bench.traffic;

import java.net.Inet4Address;

/**
 * What the forwarded frames must look like.
 *
 * @param flows how many flows there are
 * @param source sender after NAT
 * @param destination where NAT sends them
 * @param destinationPort first port there
 * @param destinationPorts how many ports follow each other from it on
 * @param timed whether they carry when they were due, which is compared with the time at which they come
 */
public record SinkSpec(
        int flows,
        Inet4Address source,
        Inet4Address destination,
        int destinationPort,
        int destinationPorts,
        boolean timed) {
    private static final int PORT_MAX = 0xFFFF;

    public SinkSpec {
        if (destinationPorts < 1 || destinationPort + destinationPorts - 1 > PORT_MAX) {
            throw new IllegalArgumentException("destinationPort=" + destinationPort + " destinationPorts="
                    + destinationPorts + ", the last port must be at most " + PORT_MAX);
        }
    }

    /** Frames to one port. */
    public SinkSpec(int flows, Inet4Address source, Inet4Address destination, int destinationPort, boolean timed) {
        this(flows, source, destination, destinationPort, 1, timed);
    }

    /** Frames whose time is not looked at. */
    public SinkSpec(int flows, Inet4Address source, Inet4Address destination, int destinationPort) {
        this(flows, source, destination, destinationPort, false);
    }
}
