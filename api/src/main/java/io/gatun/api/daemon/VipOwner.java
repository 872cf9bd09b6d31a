package io.gatun.api.daemon;

import io.gatun.api.bfd.BfdSessions;
import io.gatun.api.metrics.HaFigures;
import io.gatun.ha.announce.AnnouncementTimes;
import io.gatun.ha.incident.Incidents;
import io.gatun.ha.role.Role;
import io.gatun.ha.sync.SyncState;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;

/**
 * Decides which VIPs this node answers for and tells the network. Calls come one at a time and return without waiting
 * for the network.
 */
public interface VipOwner extends AutoCloseable {
    /**
     * The VIPs of all rules now, in place of those of the last call. A VIP is added after the forwarder knows its
     * service and taken away before the service goes.
     *
     * @param instances VIP to the name of the cluster instance whose role it follows ({@code llb-inst0} unless the
     *     rule's name says otherwise)
     */
    void vips(Map<InetAddress, String> instances);

    /**
     * A role was asked for through {@code config/cistate}, or read back at the start. Comes also when it is the role
     * that the instance has already: then announce again. Comes for instances without VIPs too: VIPs added later follow.
     */
    void role(String instance, Role state);

    /** What an instance is on this node now, when that is not for the controller to say; otherwise what it said. */
    default Role inForce(String instance, Role asked) {
        return asked;
    }

    /** How much of the other nodes' connections is here now; comes on a thread that must not wait. */
    default void connections(SyncState state) {}

    /** Puts in force what can change while running: priority, witness and traffic alarm. */
    default void tune(RunOptions.Vrrp vrrp) {}

    /** Takeovers by this node since its start. */
    default Incidents incidents() {
        return new Incidents();
    }

    /** What of the packet path stands still, so that this node has given its VIPs up; in words. */
    default Optional<String> stalled() {
        return Optional.empty();
    }

    /** What its threads have counted. */
    default HaFigures figures() {
        return HaFigures.NONE;
    }

    /** When VIPs that are ours are announced from now on. */
    default void announcements(AnnouncementTimes times) {}

    /** BFD with the other nodes. */
    default BfdSessions bfd() {
        return BfdSessions.NONE;
    }

    /** Hands the VIPs to the other nodes and serves them no more; the first thing that a stop does. */
    default void leave() {}

    /** Stops answering. */
    @Override
    void close();
}
