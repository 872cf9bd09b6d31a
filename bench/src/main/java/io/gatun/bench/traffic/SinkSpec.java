package io.gatun.bench.traffic;

import java.net.Inet4Address;

/**
 * What the forwarded frames must look like.
 *
 * @param flows how many flows there are
 * @param source sender after NAT
 * @param destination where NAT sends them
 * @param destinationPort port there
 * @param timed whether they carry when they were due, which is compared with the time at which they come
 */
public record SinkSpec(int flows, Inet4Address source, Inet4Address destination, int destinationPort, boolean timed) {
    /** Frames whose time is not looked at. */
    public SinkSpec(int flows, Inet4Address source, Inet4Address destination, int destinationPort) {
        this(flows, source, destination, destinationPort, false);
    }
}
