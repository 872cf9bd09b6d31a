package io.gatun.forwarder.sys.netlink;

import io.gatun.forwarder.sys.Libc;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * The node's links, addresses, routes and neighbours as the kernel announces them. One thread opens, polls, asks and
 * closes it; what the queries return is immutable and may be handed on. It shows the network namespace of the thread that
 * opened it.
 *
 * <p>At the start and after an overrun everything is read once, after subscribing: events that arrive meanwhile wait and
 * are applied on top, in order, which ends in the kernel's state whatever the interleaving.
 */
public final class NetworkState implements AutoCloseable {
    /** Enough for some thousands of events between two polls. */
    public static final int RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

    private static final int[] GROUPS = {
        Rtnetlink.RTNLGRP_LINK,
        Rtnetlink.RTNLGRP_NEIGH,
        Rtnetlink.RTNLGRP_IPV4_IFADDR,
        Rtnetlink.RTNLGRP_IPV4_ROUTE,
        Rtnetlink.RTNLGRP_IPV6_IFADDR,
        Rtnetlink.RTNLGRP_IPV6_ROUTE,
        Rtnetlink.RTNLGRP_NEXTHOP,
    };

    private static final int REQUEST_BUFFER_BYTES = 256 * 1024;
    /** A dump that a change overtook is asked for again, this often in one poll. */
    private static final int DUMP_ATTEMPTS = 4;

    private static final int NDA_DST = 1;
    /** The kernel resolves the entry as if it had a packet to send (Linux 2.6.31). */
    private static final int NTF_USE = 1;

    private final RtnetlinkSocket events;
    private final RtnetlinkSocket requests;
    private final EventParser parser = new EventParser();
    private final EventSink sink = this::onEvent;

    private NetworkTables tables = new NetworkTables();
    private boolean stale = true;
    private int changes;
    private long version;
    private long topologyVersion;
    private long overruns;

    private NetworkState(RtnetlinkSocket events, RtnetlinkSocket requests) {
        this.events = events;
        this.requests = requests;
    }

    /**
     * Subscribes and reads everything.
     *
     * @throws io.gatun.forwarder.sys.SysException when the kernel refuses
     */
    public static NetworkState open(Libc libc) {
        return open(libc, RECEIVE_BUFFER_BYTES);
    }

    /**
     * Subscribes and reads everything.
     *
     * @param receiveBufferBytes of events that may wait between two polls before everything is read anew
     */
    public static NetworkState open(Libc libc, int receiveBufferBytes) {
        RtnetlinkSocket events = RtnetlinkSocket.open(libc, receiveBufferBytes, GROUPS);
        RtnetlinkSocket requests = null;
        try {
            requests = RtnetlinkSocket.open(libc, REQUEST_BUFFER_BYTES);
            NetworkState state = new NetworkState(events, requests);
            state.catchUp();
            return state;
        } catch (RuntimeException refused) {
            events.close();
            if (requests != null) {
                requests.close();
            }
            throw refused;
        }
    }

    /**
     * Applies what the kernel has announced since the last poll. Costs one system call when nothing has happened.
     *
     * @param limit datagrams to take at most, 1 or more
     * @return how many changes there were that forwarding depends on
     * @throws io.gatun.forwarder.sys.SysException when everything had to be read anew and the kernel refused; the next
     *     poll tries again
     */
    public int poll(int limit) {
        changes = 0;
        try {
            drain(limit);
        } finally {
            version += changes > 0 ? 1 : 0;
        }
        return changes;
    }

    /**
     * Waits until {@link #poll} has something to do.
     *
     * @param timeoutMs 0 to look only, -1 to wait without end
     */
    public boolean await(int timeoutMs) {
        return events.await(timeoutMs);
    }

    /** Grows when a poll changed something; who built on the state compares and rebuilds. */
    public long version() {
        return version;
    }

    /** As {@link #version}, but for links, addresses and routes alone: neighbours come and go all the time. */
    public long topologyVersion() {
        return topologyVersion;
    }

    public List<LinkEvent> links() {
        return tables.links();
    }

    public Optional<LinkEvent> link(String name) {
        for (LinkEvent link : tables.links()) {
            if (link.name().equals(name)) {
                return Optional.of(link);
            }
        }
        return Optional.empty();
    }

    public Optional<LinkEvent> link(int index) {
        return Optional.ofNullable(tables.link(index));
    }

    public List<AddressEvent> addresses(int ifindex) {
        return tables.addresses().stream()
                .filter(address -> address.ifindex() == ifindex)
                .toList();
    }

    public List<AddressEvent> allAddresses() {
        return tables.addresses();
    }

    /** Routes of all tables, of which {@link RouteEvent#TABLE_MAIN} and {@link RouteEvent#TABLE_LOCAL} matter most. */
    public List<RouteEvent> routes() {
        return tables.routes();
    }

    public List<NeighbourEvent> neighbours() {
        return tables.neighbours();
    }

    /**
     * Makes the kernel resolve a neighbour, or confirm one that has become stale, as if it had a packet for it. The
     * answer comes as an event. Asking again while the kernel tries does no harm; it gives up after three requests.
     * For IPv6 the link needs a link-local address, from which the kernel asks.
     *
     * @throws io.gatun.forwarder.sys.SysException ENODEV when there is no such link, EPERM without CAP_NET_ADMIN
     */
    public void requestNeighbour(int ifindex, InetAddress address) {
        String what = "RTM_NEWNEIGH " + address.getHostAddress() + " ifindex " + ifindex;
        NetlinkRequest request =
                new NetlinkRequest(Rtnetlink.RTM_NEWNEIGH, Rtnetlink.NLM_F_ACK | Rtnetlink.NLM_F_CREATE, what);
        int state = 0;
        int type = 0;
        request.u8(NetlinkRequest.family(address)).zeros(3).u32(ifindex);
        request.u16(state).u8(NTF_USE).u8(type);
        requests.request(request.attribute(NDA_DST, address), parser);
    }

    /** Times that the kernel dropped events because too many waited, each followed by reading everything anew. */
    public long overruns() {
        return overruns;
    }

    /** Messages skipped because a length in them was wrong. */
    public long malformed() {
        return parser.malformed();
    }

    @Override
    public void close() {
        events.close();
        requests.close();
    }

    private void drain(int limit) {
        for (int i = 0; i < limit; i++) {
            int received = events.receive();
            if (received == 0) {
                catchUp();
                return;
            }
            if (received < 0) {
                overruns++;
                stale = true;
            } else if (!stale) {
                parser.parse(events.datagram(), sink);
            }
        }
    }

    private void onEvent(NetlinkEvent event, int flags) {
        if (tables.apply(event, flags)) {
            changes++;
            topologyVersion += event instanceof NeighbourEvent ? 0 : 1;
        }
    }

    /**
     * Reads anew what is in doubt. Only with an empty queue: after an overrun the kernel holds back new events until all
     * old ones are read, so a dump before that could miss what follows it.
     */
    private void catchUp() {
        for (int attempt = 0; stale && attempt < DUMP_ATTEMPTS; attempt++) {
            readAll();
        }
        if (tables.routesUncertain()) {
            readRoutes();
        }
    }

    private void readAll() {
        NetworkTables fresh = new NetworkTables();
        boolean consistent = dump(Rtnetlink.RTM_GETLINK, Rtnetlink.LINK_BODY_BYTES, fresh::apply);
        consistent &= dump(Rtnetlink.RTM_GETADDR, Rtnetlink.ADDRESS_BODY_BYTES, fresh::apply);
        consistent &= dump(Rtnetlink.RTM_GETROUTE, Rtnetlink.ROUTE_BODY_BYTES, fresh::apply);
        consistent &= dump(Rtnetlink.RTM_GETNEIGH, Rtnetlink.NEIGHBOUR_BODY_BYTES, fresh::apply);
        changes += tables.differences(fresh);
        topologyVersion++;
        tables = fresh;
        stale = !consistent;
    }

    private void readRoutes() {
        NetworkTables fresh = new NetworkTables();
        boolean consistent = dump(Rtnetlink.RTM_GETROUTE, Rtnetlink.ROUTE_BODY_BYTES, fresh::apply);
        int routesChanged = tables.takeRoutes(fresh);
        changes += routesChanged;
        topologyVersion += routesChanged > 0 ? 1 : 0;
        stale |= !consistent;
    }

    private boolean dump(int type, int bodyBytes, EventSink into) {
        NetlinkRequest request = new NetlinkRequest(type, Rtnetlink.NLM_F_DUMP, "dump of type " + type);
        return requests.dump(request.zeros(bodyBytes), parser, into);
    }
}
