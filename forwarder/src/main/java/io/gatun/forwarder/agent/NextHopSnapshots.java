package io.gatun.forwarder.agent;

import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.sys.netlink.AddressEvent;
import io.gatun.forwarder.sys.netlink.NeighbourEvent;
import io.gatun.forwarder.sys.netlink.NetworkState;
import io.gatun.forwarder.sys.netlink.RouteEvent;
import java.net.Inet4Address;

/** Makes the packet path's view of routes and neighbours from the kernel's. */
final class NextHopSnapshots {
    private NextHopSnapshots() {}

    static NextHopTable of(NetworkState network) {
        NextHopTable.Builder builder = new NextHopTable.Builder();
        for (RouteEvent route : network.routes()) {
            if (route.table() == RouteEvent.TABLE_MAIN && route.destination() instanceof Inet4Address destination) {
                add(builder, route, Ipv4.toInt(destination));
            }
        }
        for (AddressEvent address : network.allAddresses()) {
            if (address.address() instanceof Inet4Address own) {
                builder.local(Ipv4.toInt(own));
            }
        }
        for (NeighbourEvent neighbour : network.neighbours()) {
            if (neighbour.resolved() && neighbour.address() instanceof Inet4Address address) {
                builder.neighbour(neighbour.ifindex(), Ipv4.toInt(address), neighbour.mac());
            }
        }
        return builder.build();
    }

    private static void add(NextHopTable.Builder builder, RouteEvent route, int destination) {
        switch (route.type()) {
            case RouteEvent.UNICAST -> {
                boolean viaIpv6 = route.gateway() != null && !(route.gateway() instanceof Inet4Address);
                if (route.outIfindex() > 0 && !viaIpv6) {
                    int gateway = route.gateway() instanceof Inet4Address address ? Ipv4.toInt(address) : 0;
                    builder.route(destination, route.prefixLength(), gateway, route.outIfindex(), route.priority());
                }
            }
            case RouteEvent.BLACKHOLE, RouteEvent.UNREACHABLE, RouteEvent.PROHIBIT ->
                builder.unreachable(destination, route.prefixLength(), route.priority());
            default -> {
                // Local, broadcast and multicast routes are no way for a forwarded packet.
            }
        }
    }
}
