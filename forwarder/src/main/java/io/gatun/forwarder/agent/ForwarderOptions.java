package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.IoEngine;
import java.net.Inet4Address;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How a forwarder is set up.
 *
 * @param interfaces names of the interfaces to serve, at least one
 * @param runDirectory connection table and counters
 * @param connections how many connections the table holds
 * @param halfOpenMax how many of them may wait for the end of their handshake, 0 for a quarter, at most 16,384
 * @param halfOpenPerSourceMax how many of these one source may have, 0 for 1,024
 * @param snat whose address one-arm traffic has
 * @param snatAddress a floating address of the group to use instead of the VIP, or null
 * @param natPortFirst lowest source port, or 0 for the default of {@code snat}
 * @param natPortLast highest source port, or 0 for the default of {@code snat}
 * @param idle what an agent does when there is nothing to do
 * @param agentPriority real-time priority (SCHED_FIFO) of agents, 1-99, or 0 for none; only where they sleep
 * @param io how packets are read and written
 * @param whitelist what the names of the interfaces were chosen by, looked for anywhere in them, or null
 * @param blacklist what the names of the interfaces must not have in them, unless there is a whitelist, or null
 * @param exchange whether connections are exchanged with other nodes
 */
public record ForwarderOptions(
        List<String> interfaces,
        Path runDirectory,
        int connections,
        int halfOpenMax,
        int halfOpenPerSourceMax,
        Snat snat,
        Inet4Address snatAddress,
        int natPortFirst,
        int natPortLast,
        Idle idle,
        int agentPriority,
        IoEngine io,
        Pattern whitelist,
        Pattern blacklist,
        boolean exchange) {
    /** AF_XDP on interfaces that are named. */
    public ForwarderOptions(
            List<String> interfaces,
            Path runDirectory,
            int connections,
            Snat snat,
            Inet4Address snatAddress,
            int natPortFirst,
            int natPortLast,
            Idle idle) {
        this(
                interfaces,
                runDirectory,
                connections,
                0,
                0,
                snat,
                snatAddress,
                natPortFirst,
                natPortLast,
                idle,
                0,
                IoEngine.XDP,
                null,
                null,
                false);
    }

    /** Whose address one-arm traffic has. */
    public enum Snat {
        /** The VIP itself where it lies in a subnet of the interface, else the node's. */
        VIP,
        /** The node's own address; connections do not survive a takeover. */
        NODE
    }

    /** What an agent does when there is nothing to do. */
    public enum Idle {
        /** Never sleeps: drives the device itself. For a core of its own. */
        SPIN,
        /** Sleeps until a frame comes. */
        POLL
    }

    public ForwarderOptions {
        interfaces = List.copyOf(interfaces);
        halfOpenMax = halfOpenMax == 0 ? Math.clamp(connections / 4, HALF_OPEN_MIN, HALF_OPEN_USUAL_MAX) : halfOpenMax;
        halfOpenPerSourceMax = halfOpenPerSourceMax == 0 ? HALF_OPEN_PER_SOURCE : halfOpenPerSourceMax;
    }

    private static final int HALF_OPEN_MIN = 256;

    /**
     * A quarter of the ports that one VIP has towards one endpoint: half-open ones that take them all make each further
     * first packet try {@code PortSpace.TRIES_MAX} of them, twice.
     */
    private static final int HALF_OPEN_USUAL_MAX = 16_384;

    private static final int HALF_OPEN_PER_SOURCE = 1_024;

    /** Clear of Linux's ephemeral ports (32768-60999) and of Kubernetes' NodePorts (30000-32767). */
    static final int NODE_PORT_FIRST = 10_000;

    static final int NODE_PORT_LAST = 29_999;
    static final int VIP_PORT_FIRST = 1_024;
    static final int VIP_PORT_LAST = 65_535;
}
