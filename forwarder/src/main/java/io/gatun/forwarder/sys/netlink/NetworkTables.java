package io.gatun.forwarder.sys.netlink;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the events so far add up to. Knows what the kernel does without saying; knows no socket. */
final class NetworkTables {
    private final Map<Integer, LinkEvent> links = new HashMap<>();
    /** In the kernel's order, in which an interface's primary address comes first. */
    private final Map<AddressKey, AddressEvent> addresses = new LinkedHashMap<>();

    private final Map<NeighbourKey, NeighbourEvent> neighbours = new HashMap<>();
    private RouteTable routes = new RouteTable();

    private record AddressKey(int ifindex, InetAddress address, int prefixLength) {}

    private record NeighbourKey(int ifindex, InetAddress address) {}

    /**
     * Applies an event.
     *
     * @param flags NLM_F_* of the message
     * @return whether something changed that forwarding depends on
     */
    boolean apply(NetlinkEvent event, int flags) {
        return switch (event) {
            case LinkEvent link -> onLink(link);
            case AddressEvent address -> onAddress(address);
            case RouteEvent route -> routes.apply(route, flags);
            case NeighbourEvent neighbour -> onNeighbour(neighbour);
            case NexthopEvent ignored -> {
                routes.suspect();
                yield false;
            }
        };
    }

    LinkEvent link(int index) {
        return links.get(index);
    }

    List<LinkEvent> links() {
        return List.copyOf(links.values());
    }

    List<AddressEvent> addresses() {
        return List.copyOf(addresses.values());
    }

    List<RouteEvent> routes() {
        return routes.routes();
    }

    List<NeighbourEvent> neighbours() {
        return List.copyOf(neighbours.values());
    }

    boolean routesUncertain() {
        return routes.uncertain();
    }

    /** Takes over the other's routes. @return how many differ */
    int takeRoutes(NetworkTables other) {
        int differences = differences(routes.entries(), other.routes.entries());
        routes = other.routes;
        return differences;
    }

    /** How many entries of either are not the same in the other. */
    int differences(NetworkTables other) {
        return differences(links, other.links)
                + differences(addresses, other.addresses)
                + differences(routes.entries(), other.routes.entries())
                + differences(neighbours, other.neighbours);
    }

    private boolean onLink(LinkEvent link) {
        if (link.removed()) {
            addresses.keySet().removeIf(key -> key.ifindex() == link.index());
            neighbours.keySet().removeIf(key -> key.ifindex() == link.index());
            routes.suspect();
            return links.remove(link.index()) != null;
        }
        LinkEvent before = links.put(link.index(), link);
        if (before != null && before.enabled() && !link.enabled()) {
            routes.suspect();
        }
        return !link.equals(before);
    }

    private boolean onAddress(AddressEvent address) {
        AddressKey key = new AddressKey(address.ifindex(), address.address(), address.prefixLength());
        if (address.removed()) {
            // Routes with this preferred source go silently.
            routes.suspect();
            return addresses.remove(key) != null;
        }
        return !address.equals(addresses.put(key, address));
    }

    /** The kernel ages neighbours all the time; only whether and where they are reached matters to others. */
    private boolean onNeighbour(NeighbourEvent neighbour) {
        NeighbourKey key = new NeighbourKey(neighbour.ifindex(), neighbour.address());
        if (neighbour.removed()) {
            NeighbourEvent before = neighbours.remove(key);
            return before != null && before.resolved();
        }
        NeighbourEvent before = neighbours.put(key, neighbour);
        boolean wasResolved = before != null && before.resolved();
        return wasResolved != neighbour.resolved() || (wasResolved && before.mac() != neighbour.mac());
    }

    private static <K, V> int differences(Map<K, V> before, Map<K, V> after) {
        int differences = 0;
        for (Map.Entry<K, V> entry : after.entrySet()) {
            if (!entry.getValue().equals(before.get(entry.getKey()))) {
                differences++;
            }
        }
        for (K key : before.keySet()) {
            if (!after.containsKey(key)) {
                differences++;
            }
        }
        return differences;
    }
}
