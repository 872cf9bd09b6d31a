package io.gatun.forwarder.agent;

import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.sys.netlink.AddressEvent;
import io.gatun.forwarder.sys.netlink.LinkEvent;
import io.gatun.forwarder.sys.netlink.NeighbourEvent;
import io.gatun.forwarder.sys.netlink.NetworkState;
import io.gatun.forwarder.sys.netlink.RouteEvent;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/** Makes the packet path's view of links, routes and neighbours from the kernel's. */
final class NextHopSnapshots {
    /** Of no interface in particular. */
    private static final int NO_INTERFACE = 0;

    private final NextHopTable.Builder builder = new NextHopTable.Builder();

    private NextHopSnapshots() {}

    static NextHopTable of(NetworkState network) {
        return of(network.links(), network.routes(), network.allAddresses(), network.neighbours());
    }

    static NextHopTable of(
            List<LinkEvent> links,
            List<RouteEvent> routes,
            List<AddressEvent> addresses,
            List<NeighbourEvent> neighbours) {
        NextHopSnapshots snapshot = new NextHopSnapshots();
        links.forEach(snapshot::add);
        for (RouteEvent route : routes) {
            if (route.table() == RouteEvent.TABLE_MAIN) {
                snapshot.add(route);
            }
        }
        new NodeAddresses(addresses, NO_INTERFACE).ownAddresses().forEach(snapshot::addOwn);
        neighbours.forEach(snapshot::add);
        return snapshot.builder.build();
    }

    private void add(LinkEvent link) {
        if (link.mtu() > 0) {
            builder.mtu(link.index(), link.mtu());
        }
        if (link.vlan() && link.peer() > 0) {
            builder.vlan(link.index(), link.peer(), link.vid());
        }
    }

    private void addOwn(InetAddress own) {
        if (own instanceof Inet4Address address) {
            builder.local(Ipv4.toInt(address));
        } else {
            builder.local6(Addresses.high(own), Addresses.low(own));
        }
    }

    private void add(NeighbourEvent neighbour) {
        if (!neighbour.resolved()) {
            return;
        }
        if (neighbour.address() instanceof Inet4Address address) {
            builder.neighbour(neighbour.ifindex(), Ipv4.toInt(address), neighbour.mac());
        } else {
            builder.neighbour6(
                    neighbour.ifindex(),
                    Addresses.high(neighbour.address()),
                    Addresses.low(neighbour.address()),
                    neighbour.mac());
        }
    }

    private void add(RouteEvent route) {
        switch (route.type()) {
            case RouteEvent.UNICAST -> addUnicast(route);
            case RouteEvent.BLACKHOLE, RouteEvent.UNREACHABLE, RouteEvent.PROHIBIT -> addUnreachable(route);
            default -> {
                // Local, broadcast and multicast routes are no way for a forwarded packet.
            }
        }
    }

    /** Link-local destinations need an interface beside the address, which a forwarded packet does not name. */
    private void addUnicast(RouteEvent route) {
        InetAddress destination = route.destination();
        if (route.outIfindex() <= 0 || (destination.isLinkLocalAddress() && !(destination instanceof Inet4Address))) {
            return;
        }
        InetAddress gateway = route.gateway();
        long gatewayHigh = gateway == null ? 0 : Addresses.high(gateway);
        long gatewayLow = gateway == null ? 0 : Addresses.low(gateway);
        int mtu = Math.max(route.mtu(), 0);
        if (destination instanceof Inet4Address prefix) {
            builder.route(
                    Ipv4.toInt(prefix),
                    route.prefixLength(),
                    gatewayHigh,
                    gatewayLow,
                    route.outIfindex(),
                    route.priority(),
                    mtu);
        } else {
            builder.route6(
                    Addresses.high(destination),
                    Addresses.low(destination),
                    route.prefixLength(),
                    gatewayHigh,
                    gatewayLow,
                    route.outIfindex(),
                    route.priority(),
                    mtu);
        }
    }

    private void addUnreachable(RouteEvent route) {
        if (route.destination() instanceof Inet4Address prefix) {
            builder.unreachable(Ipv4.toInt(prefix), route.prefixLength(), route.priority());
        } else {
            long high = Addresses.high(route.destination());
            builder.unreachable6(high, Addresses.low(route.destination()), route.prefixLength(), route.priority());
        }
    }
}
