package io.gatun.forwarder.agent;

import io.gatun.forwarder.pipeline.ServiceTable;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;

/** What the host shall send into the local pair: to the services that this node is the one to serve, and their replies. */
final class HostRoutes {
    private ServiceTable table;
    private Set<InetAddress> own;
    private Set<InetAddress> addresses;

    /**
     * What this node answers for, less its own addresses.
     *
     * @return the same object as before when it is the same
     */
    Set<InetAddress> of(ServiceTable wanted, Set<InetAddress> wantedOwn) {
        if (addresses == null || !wanted.answersForSame(table) || !wantedOwn.equals(own)) {
            addresses = new HashSet<>();
            wanted.forEachAnswered((high, low) -> addresses.add(Addresses.of(high, low)));
            addresses.removeAll(wantedOwn);
            own = Set.copyOf(wantedOwn);
        }
        table = wanted;
        return addresses;
    }
}
