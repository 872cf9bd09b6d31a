package io.gatun.api.daemon;

import io.gatun.api.access.ApiAccess;
import io.gatun.forwarder.control.IoEngine;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What {@code gatun run} was asked for, checked.
 *
 * @param interfaces names of those where VIP traffic arrives, at least one
 * @param whitelist what they were chosen by, looked for anywhere in a name
 * @param blacklist what their names must not have in them, unless there is a whitelist
 * @param egressHooks loxilb's flag, which asks for what Gatun does without being asked
 * @param io packet I/O engine
 * @param api where REST listens, and for whom
 * @param runDir connection table, counters, sockets
 * @param stateDir rules and roles
 * @param snat whose address one-arm traffic carries
 * @param snatAddress a floating address instead, with {@link Snat#VIP}
 * @param natPorts ports of that traffic; empty for the default of the address in use (1024-65535 on a VIP, 10000-29999
 *     on the node's own)
 * @param idle what an agent does when no packet waits
 * @param agentPriority real-time priority of the agents, 1-99, or 0 for none
 * @param conntrackSize connections that the table holds
 * @param halfOpenMax how many of them may be half-open, 0 for a quarter, at most 16,384
 * @param halfOpenPerSource how many of these one source may have, 0 for the default
 * @param vrrp who decides which node has the VIPs; empty for a lone node, or one whose controller decides
 * @param sync with whom connections are exchanged
 */
public record RunOptions(
        List<String> interfaces,
        Optional<Pattern> whitelist,
        Optional<Pattern> blacklist,
        boolean egressHooks,
        IoEngine io,
        ApiAccess api,
        Path runDir,
        Path stateDir,
        Snat snat,
        Optional<InetAddress> snatAddress,
        Optional<PortRange> natPorts,
        Idle idle,
        int agentPriority,
        int conntrackSize,
        int halfOpenMax,
        int halfOpenPerSource,
        Optional<Vrrp> vrrp,
        Sync sync) {
    public static final int CONNTRACK_SIZE_DEFAULT = 262_144;

    public RunOptions {
        interfaces = List.copyOf(interfaces);
    }

    /** The same on these interfaces. */
    public RunOptions on(List<String> names) {
        return new RunOptions(
                names,
                whitelist,
                blacklist,
                egressHooks,
                io,
                api,
                runDir,
                stateDir,
                snat,
                snatAddress,
                natPorts,
                idle,
                agentPriority,
                conntrackSize,
                halfOpenMax,
                halfOpenPerSource,
                vrrp,
                sync);
    }

    /**
     * VRRP as it is asked for.
     *
     * @param vrid 1-255
     * @param priority 1-254
     * @param intervalCs between adverts in hundredths of a second, 1-4095
     * @param preempt whether to take over from a node of lower priority
     * @param peers for unicast; empty for multicast
     * @param bfdIntervalMs between packets of BFD with each peer, 0 for no BFD
     * @param checks before and after a takeover
     */
    public record Vrrp(
            int vrid,
            int priority,
            int intervalCs,
            boolean preempt,
            List<InetAddress> peers,
            int bfdIntervalMs,
            Checks checks) {
        public static final int VRID_DEFAULT = 1;
        public static final int PRIORITY_DEFAULT = 200;

        public Vrrp {
            peers = List.copyOf(peers);
        }
    }

    /**
     * The exchange of connections with other nodes.
     *
     * @param peers their addresses; empty for none
     * @param port UDP port, the same on all nodes
     * @param key file of the key that they share
     */
    public record Sync(List<InetAddress> peers, int port, Optional<Path> key) {
        public static final int PORT_DEFAULT = 11_112;

        /** This node is alone. */
        public static final Sync NONE = new Sync(List.of(), PORT_DEFAULT, Optional.empty());

        public Sync {
            peers = List.copyOf(peers);
        }
    }

    /**
     * What a node looks at before it takes or keeps the VIPs. A time of 0 turns a check off.
     *
     * @param preemptDelayMs how long to obey a living node of lower priority first
     * @param probeMs how long somebody may answer for a VIP before it is taken over
     * @param stallLimitMs how long an agent or a ring may stand still
     * @param gatewayIsWitness the default gateways are the witnesses
     * @param witness another one
     * @param trafficAlarmMs how long after a takeover packets may stay away
     */
    public record Checks(
            int preemptDelayMs,
            int probeMs,
            int stallLimitMs,
            boolean gatewayIsWitness,
            Optional<InetAddress> witness,
            int trafficAlarmMs) {}

    /** Source of one-arm traffic: the VIP where it is on the link, or always the node's own address. */
    public enum Snat {
        VIP,
        NODE
    }

    /** SPIN burns its core, POLL sleeps in the kernel. */
    public enum Idle {
        SPIN,
        POLL
    }

    /** Both ends are part of it. */
    public record PortRange(int min, int max) {
        @Override
        public String toString() {
            return min + "-" + max;
        }
    }
}
