package io.gatun.bench.traffic;

import java.net.Inet4Address;

/**
 * UDP flows that differ in their source port, and beyond {@link #PORTS} of them in their source address; both follow
 * from their number.
 *
 * @param flows how many, visited in turn, 1-1000000
 * @param firstFlow number of the first flow, which its payload tells
 * @param source sender of the flows numbered from 0; the next address after it sends the next {@link #PORTS}
 * @param firstPort source port of flow 0; the i-th after it has {@code firstPort + i}
 * @param destination where they go, the VIP
 * @param destinationPort the service port
 * @param sourceMac written {@code 02:00:00:00:00:01}
 * @param destinationMac of the forwarder
 * @param frames what each is like
 */
public record TrafficSpec(
        int flows,
        int firstFlow,
        Inet4Address source,
        int firstPort,
        Inet4Address destination,
        int destinationPort,
        String sourceMac,
        String destinationMac,
        FrameKind frames) {
    /** Flows of one source address. */
    public static final int PORTS = 10_000;

    private static final int FLOWS_MAX = 1_000_000;
    private static final int PORT_MAX = 0xFFFF;

    public TrafficSpec {
        if (flows < 1 || flows > FLOWS_MAX) {
            throw new IllegalArgumentException("flows=" + flows + ", give 1-" + FLOWS_MAX);
        }
        if (firstPort < 1 || firstPort + Math.min(firstFlow + flows, PORTS) - 1 > PORT_MAX) {
            throw new IllegalArgumentException(
                    "firstPort=" + firstPort + " with flows=" + flows + ", the last port must be at most " + PORT_MAX);
        }
    }

    /** The smallest frames, of flows numbered from 0. */
    public TrafficSpec(
            int flows,
            Inet4Address source,
            int firstPort,
            Inet4Address destination,
            int destinationPort,
            String sourceMac,
            String destinationMac) {
        this(flows, 0, source, firstPort, destination, destinationPort, sourceMac, destinationMac, FrameKind.SMALLEST);
    }
}
