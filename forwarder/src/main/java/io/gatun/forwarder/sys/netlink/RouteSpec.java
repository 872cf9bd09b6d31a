package io.gatun.forwarder.sys.netlink;

import java.net.InetAddress;
import java.util.Objects;

/**
 * A route of the main table that shall be.
 *
 * @param destination network address
 * @param prefixLength bits of it that count
 * @param ifindex link to send on
 * @param gateway next hop, null where destinations are on the link
 * @param preferredSource source of the node's own packets, null for the kernel's choice
 * @param mtu bytes of a packet on this way, 0 for the link's
 */
public record RouteSpec(
        InetAddress destination,
        int prefixLength,
        int ifindex,
        InetAddress gateway,
        InetAddress preferredSource,
        int mtu) {
    /** A route to one address. */
    public static RouteSpec host(InetAddress destination, int ifindex) {
        return new RouteSpec(destination, 8 * destination.getAddress().length, ifindex, null, null, 0);
    }

    public static RouteSpec network(InetAddress destination, int prefixLength, int ifindex) {
        return new RouteSpec(destination, prefixLength, ifindex, null, null, 0);
    }

    /** The same through a gateway. */
    public RouteSpec via(InetAddress address) {
        return new RouteSpec(destination, prefixLength, ifindex, address, preferredSource, mtu);
    }

    /** The same with a source for the node's own packets, null for the kernel's choice. */
    public RouteSpec from(InetAddress source) {
        return new RouteSpec(destination, prefixLength, ifindex, gateway, source, mtu);
    }

    /** The same for packets of this length at most. */
    public RouteSpec withMtu(int bytes) {
        return new RouteSpec(destination, prefixLength, ifindex, gateway, preferredSource, bytes);
    }

    /** Whether the kernel's route is this one. */
    public boolean matches(RouteEvent route) {
        return route.destination().equals(destination)
                && route.prefixLength() == prefixLength
                && route.outIfindex() == ifindex
                && route.mtu() == mtu
                && Objects.equals(route.gateway(), gateway)
                && Objects.equals(route.preferredSource(), preferredSource);
    }

    /** As ip-route(8) would print it. */
    @Override
    public String toString() {
        return destination.getHostAddress() + "/" + prefixLength
                + (gateway == null ? "" : " via " + gateway.getHostAddress())
                + " ifindex " + ifindex
                + (preferredSource == null ? "" : " src " + preferredSource.getHostAddress())
                + (mtu == 0 ? "" : " mtu " + mtu);
    }
}
