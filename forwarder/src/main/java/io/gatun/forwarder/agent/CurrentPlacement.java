package io.gatun.forwarder.agent;

import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.sys.netlink.NetworkState;
import java.util.HashMap;
import java.util.Map;

/**
 * The placement that holds until routes, addresses, links or the interfaces that are served change. What was made by it
 * can be kept as long as it is the same object.
 */
final class CurrentPlacement {
    private final ServedInterfaces interfaces;
    private final boolean localPair;
    private EndpointPlacement placement;
    private Map<Integer, String> served = Map.of();
    private long topologyVersion;

    CurrentPlacement(ServedInterfaces interfaces, boolean localPair) {
        this.interfaces = interfaces;
        this.localPair = localPair;
    }

    /** Whether {@link #of} would say the same as before. */
    boolean isCurrent(NetworkState network) {
        return placement != null && topologyVersion == network.topologyVersion() && served.equals(served());
    }

    /** Where things are now. */
    EndpointPlacement of(NetworkState network, NextHopTable nextHops) {
        if (!isCurrent(network)) {
            topologyVersion = network.topologyVersion();
            served = served();
            placement = new EndpointPlacement(nextHops, served, localPair);
        }
        return placement;
    }

    private Map<Integer, String> served() {
        Map<Integer, String> names = new HashMap<>();
        for (ServedInterface one : interfaces.list()) {
            if (!LocalPair.isOurs(one.name())) {
                names.put(one.index(), one.name());
            }
        }
        return names;
    }
}
