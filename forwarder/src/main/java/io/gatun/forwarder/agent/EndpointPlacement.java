package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.AddressText;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.nat.PortSpace;
import io.gatun.forwarder.nexthop.NextHop;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.pipeline.Endpoints;
import io.gatun.forwarder.pipeline.Source;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Where endpoints are, as seen from this node, and what follows for the packets to them. As of one moment. */
final class EndpointPlacement {
    private static final PortSpace ALL_PORTS =
            new PortSpace(ForwarderOptions.VIP_PORT_FIRST, ForwarderOptions.VIP_PORT_LAST);

    private final NextHopTable nextHops;
    private final Map<Integer, String> served;
    private final boolean localPair;
    private final NextHop hop = new NextHop();

    /**
     * A view.
     *
     * @param served names of the interfaces that are served, by ifindex
     * @param localPair whether there is a way to the node itself
     */
    EndpointPlacement(NextHopTable nextHops, Map<Integer, String> served, boolean localPair) {
        this.nextHops = nextHops;
        this.served = served;
        this.localPair = localPair;
    }

    /** What an address is to this node. */
    enum Place {
        /** Reached through an interface that is served, itself or a VLAN of it, without a gateway. */
        ON_LINK,
        /** Reached through such an interface by a gateway. */
        ROUTED,
        /** The node itself, or behind an interface that is not served. */
        HOST,
        /** There is no way. */
        NOWHERE
    }

    Place place(InetAddress address) {
        int found = lookup(address);
        if (found == NextHopTable.LOCAL) {
            return localPair ? Place.HOST : Place.NOWHERE;
        }
        if (found == NextHopTable.UNREACHABLE) {
            return Place.NOWHERE;
        }
        if (!isServed(hop.ifindex())) {
            return localPair ? Place.HOST : Place.NOWHERE;
        }
        boolean itself = hop.high() == Addresses.high(address) && hop.low() == Addresses.low(address);
        return itself ? Place.ON_LINK : Place.ROUTED;
    }

    /** Whether the address is one of the node's own. */
    boolean isNode(InetAddress address) {
        return lookup(address) == NextHopTable.LOCAL;
    }

    /** The link that leads to an address: an interface that is served, or a VLAN of it. */
    Optional<Integer> link(InetAddress address) {
        return lookup(address) == NextHopTable.FOUND && isServed(hop.ifindex())
                ? Optional.of(hop.ifindex())
                : Optional.empty();
    }

    /** Whether packets to a link leave by an interface that is served. */
    private boolean isServed(int link) {
        return served.containsKey(link) || served.containsKey(nextHops.parent(link));
    }

    /**
     * Refuses a service whose endpoints cannot be served from where they are.
     *
     * @throws RejectedException with the first that cannot
     */
    void check(ServiceSpec spec) {
        for (EndpointSpec endpoint : spec.endpoints()) {
            Place place = place(endpoint.address());
            String text = AddressText.of(endpoint.address());
            if (place == Place.NOWHERE) {
                throw RejectedException.invalid(
                        "endpointIP",
                        text,
                        "is in no network that is reached through " + new TreeSet<>(served.values())
                                + ": add a route, or serve its interface too");
            }
            boolean keepsSource = spec.mode() == NatMode.DNAT || spec.mode() == NatMode.DSR;
            if (place == Place.HOST
                    && keepsSource
                    && SnatPolicy.sameFamily(spec.key().vip(), endpoint.address())) {
                throw RejectedException.invalid(
                        "endpointIP",
                        text,
                        "is this node or behind it, whose answers to a client do not come back through us in mode "
                                + spec.mode().code() + ": use mode 1 (onearm)");
            }
        }
    }

    /** How packets get to an endpoint. */
    Endpoints.Endpoint endpoint(ServiceSpec spec, EndpointSpec endpoint, int id, SnatChoice snat) {
        InetAddress address = endpoint.address();
        boolean keepsSource = SnatPolicy.sameFamily(spec.key().vip(), address);
        if (spec.mode() == NatMode.DSR) {
            boolean tunnel = place(address) == Place.ROUTED;
            Source outer = tunnel ? source(snat.address(), snat.ports()) : null;
            return number(endpoint, id, tunnel ? Endpoints.Way.TUNNEL : Endpoints.Way.DIRECT, outer);
        }
        if (spec.mode() == NatMode.DNAT && keepsSource) {
            return number(endpoint, id, Endpoints.Way.KEEP_SOURCE, null);
        }
        // What comes from the node's own address is not taken by the node when it comes from outside.
        Source source = place(address) == Place.HOST && isNode(snat.address())
                ? source(LocalPair.sourceTowardsNode(address), ALL_PORTS)
                : source(snat.address(), snat.ports());
        return number(endpoint, id, Endpoints.Way.OWN_SOURCE, source);
    }

    private static Endpoints.Endpoint number(EndpointSpec endpoint, int id, Endpoints.Way way, Source source) {
        return new Endpoints.Endpoint(
                Addresses.high(endpoint.address()),
                Addresses.low(endpoint.address()),
                endpoint.port(),
                id,
                way,
                source);
    }

    private static Source source(InetAddress address, PortSpace ports) {
        return new Source(Addresses.high(address), Addresses.low(address), ports);
    }

    private int lookup(InetAddress address) {
        long high = Addresses.high(address);
        long low = Addresses.low(address);
        return NextHopTable.isMapped(high, low) ? nextHops.lookup((int) low, hop) : nextHops.lookup6(high, low, hop);
    }
}
