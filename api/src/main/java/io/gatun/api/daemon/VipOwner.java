package io.gatun.api.daemon;

import io.gatun.ha.role.Role;
import java.net.InetAddress;
import java.util.Map;

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

    /** Stops answering and says goodbye. */
    @Override
    void close();
}
