package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.AddressText;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import io.gatun.forwarder.sys.netlink.LinkEvent;
import io.gatun.forwarder.sys.netlink.NetworkRequests;
import io.gatun.forwarder.sys.netlink.NetworkRequests.Ipv4Setting;
import io.gatun.forwarder.sys.netlink.NetworkRequests.VethEnd;
import io.gatun.forwarder.sys.netlink.NetworkState;
import io.gatun.forwarder.sys.netlink.RouteEvent;
import io.gatun.forwarder.sys.netlink.RouteSpec;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way between this node and Gatun on it: a veth pair of which the host keeps {@link #HOST_SIDE} and an agent polls
 * {@link #POLLED_SIDE}, and host routes that lead VIPs and floating source addresses into it. See
 * docs/adr/0012-local-traffic.md. Belongs to the thread that polls the {@link NetworkState}.
 *
 * <p>An agent sends to the node, or to what lies behind it, by a frame out of {@link #POLLED_SIDE} to {@link #HOST_MAC}.
 */
final class LocalPair implements AutoCloseable {
    static final String HOST_SIDE = "gatun0";
    static final String POLLED_SIDE = "gatun1";

    /** Locally administered; the bytes of "gatu" and the link's number. They mark a pair as ours. */
    static final long HOST_MAC = 0x02_67_61_74_75_00L;

    static final long POLLED_MAC = 0x02_67_61_74_75_01L;

    /**
     * Our end of the pair as the host sees it: the next hop of all addresses routed to us, and the source of what goes to
     * the node itself where the source would be the node's own address. Link-local (RFC 3927), on no interface, never on
     * the wire; 71 and 65 are G and A.
     */
    static final Inet4Address FAR_END = Ipv4.toAddress(0xA9FE_4741);

    /** The same for IPv6, fd67:6174:756e::41: a unique local address (RFC 4193) whose prefix reads "gatun". */
    static final InetAddress FAR_END6 = Addresses.of(0xFD67_6174_756E_0000L, 0x41);

    private static final Logger LOG = LoggerFactory.getLogger(LocalPair.class);

    private static final int MTU_MIN = 1280;
    private static final int LOOSE = 2;
    private static final int STRICT = 1;
    private static final int DATAGRAMS = 64;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);

    private final NetworkState network;
    private final NetworkRequests requests;
    private final List<Integer> served;
    /** Routes that the kernel has taken; the mirror may not have heard of them yet. */
    private final Set<InetAddress> requested = new HashSet<>();

    private final Set<InetAddress> complainedOf = new HashSet<>();
    private Set<InetAddress> applied;
    private long appliedVersion;
    private LinkEvent host;
    private LinkEvent polled;
    private boolean ipv6 = true;

    private LocalPair(Libc libc, NetworkState network, List<LinkEvent> served) {
        this.network = network;
        this.served = served.stream().map(LinkEvent::index).toList();
        this.requests = NetworkRequests.open(libc);
    }

    /**
     * Makes the pair, in the place of one that a process left which died. To be called once the served interfaces are
     * opened: where another Gatun runs in this namespace, that fails first, and its pair is left alone.
     *
     * @param network of this thread, polled here until it knows the pair
     * @param served interfaces whose primary addresses are the sources of local clients
     * @throws RejectedException when a link has our name and is not ours
     * @throws SysException when the kernel refuses
     */
    static LocalPair open(Libc libc, NetworkState network, List<LinkEvent> served) {
        LocalPair pair = new LocalPair(libc, network, served);
        try {
            if (removeLeftBehind(pair.requests, network)) {
                LOG.info("{}, {}: left by a process that died, made anew", HOST_SIDE, POLLED_SIDE);
            }
            pair.make(mtu(served));
            return pair;
        } catch (RuntimeException e) {
            pair.requests.close();
            throw e;
        }
    }

    /**
     * Deletes a pair that a process left which died.
     *
     * @return whether there was one
     * @throws RejectedException when a link has our name and is not ours
     */
    static boolean removeLeftBehind(Libc libc, NetworkState network) {
        try (NetworkRequests requests = NetworkRequests.open(libc)) {
            return removeLeftBehind(requests, network);
        }
    }

    /** Whether there is a pair that Gatun made. */
    static boolean isLeftBehind(NetworkState network) {
        return network.link(HOST_SIDE)
                        .filter(link -> isMadeByUs(link, HOST_MAC))
                        .isPresent()
                || network.link(POLLED_SIDE)
                        .filter(link -> isMadeByUs(link, POLLED_MAC))
                        .isPresent();
    }

    /** Whether an interface is an end of the pair, by its name. */
    static boolean isOurs(String interfaceName) {
        return interfaceName.equals(HOST_SIDE) || interfaceName.equals(POLLED_SIDE);
    }

    /** The end that an agent polls. */
    LinkEvent polled() {
        return polled;
    }

    /** The host's end; the ifindex that routes of VIPs lead to. */
    LinkEvent host() {
        return host;
    }

    /** The source towards an endpoint that is this node or behind it, where the service's source is the node's own address. */
    static InetAddress sourceTowardsNode(InetAddress endpoint) {
        return endpoint instanceof Inet4Address ? FAR_END : FAR_END6;
    }

    /**
     * Leads these addresses to the polled end, and no others. Compares with what the kernel has, so it may be called after
     * every change of the network or the rules. The node's own addresses are left out: the host answers for them whatever
     * the routes say. What the kernel refuses is logged once and tried again by the next call.
     */
    void apply(Set<InetAddress> addresses) {
        if (addresses.equals(applied) && network.version() == appliedVersion && complainedOf.isEmpty()) {
            return;
        }
        applied = addresses;
        appliedVersion = network.version();
        if (network.link(host.index()).isEmpty()) {
            complain(FAR_END, HOST_SIDE + " is gone, local traffic ends until the next start");
            return;
        }
        putNeighbours();
        Map<InetAddress, RouteSpec> wanted = wanted(addresses);
        Map<InetAddress, RouteEvent> present = present();
        wanted.forEach((address, route) -> {
            RouteEvent known = present.get(address);
            if (known == null || !route.matches(known)) {
                put(address, route);
            }
        });
        Set<InetAddress> surplus = new HashSet<>(present.keySet());
        surplus.addAll(requested);
        surplus.removeAll(wanted.keySet());
        surplus.forEach(this::remove);
    }

    /** Deletes the pair, and with it its routes and neighbours. */
    @Override
    public void close() {
        try {
            delete(requests, host.index());
        } finally {
            requests.close();
        }
    }

    private void make(int mtu) {
        requests.addVethPair(new VethEnd(HOST_SIDE, HOST_MAC), new VethEnd(POLLED_SIDE, POLLED_MAC), mtu);
        host = await(HOST_SIDE, link -> true);
        polled = await(POLLED_SIDE, link -> true);
        try {
            configure();
            requests.up(host.index());
            requests.up(polled.index());
            host = await(HOST_SIDE, LinkEvent::enabled);
            polled = await(POLLED_SIDE, LinkEvent::enabled);
            apply(Set.of());
        } catch (RuntimeException e) {
            delete(requests, host.index());
            throw e;
        }
        LOG.info("{} (ifindex {}) leads to {} (ifindex {})", HOST_SIDE, host.index(), POLLED_SIDE, polled.index());
    }

    /** While both ends are down: nothing may be sent or taken before. */
    private void configure() {
        requests.set(host.index(), Ipv4Setting.RP_FILTER, LOOSE);
        requests.set(host.index(), Ipv4Setting.FORWARDING, 1);
        requests.set(polled.index(), Ipv4Setting.RP_FILTER, STRICT);
        requests.set(polled.index(), Ipv4Setting.FORWARDING, 0);
        try {
            requests.generateNoIpv6Addresses(host.index());
            requests.generateNoIpv6Addresses(polled.index());
        } catch (SysException e) {
            if (e.errno() != Errno.EAFNOSUPPORT) {
                throw e;
            }
            ipv6 = false;
            LOG.info("{}: IPv4 only, the kernel has no IPv6", HOST_SIDE);
            return;
        }
        Path sysctl = Path.of("/proc/sys/net/ipv6/conf", POLLED_SIDE, "disable_ipv6");
        try {
            Files.writeString(sysctl, "1");
        } catch (IOException e) {
            LOG.debug("{} cannot be set, IPv6 packets that nobody polls may be sent back: {}", sysctl, e.toString());
        }
    }

    private Map<InetAddress, RouteSpec> wanted(Set<InetAddress> addresses) {
        List<NodeAddresses> node = served.stream()
                .map(index -> new NodeAddresses(network.allAddresses(), index))
                .toList();
        // In this order: the kernel takes a route only when it knows the way to its gateway.
        Map<InetAddress, RouteSpec> wanted = new LinkedHashMap<>();
        for (InetAddress farEnd : farEnds()) {
            wanted.put(farEnd, RouteSpec.host(farEnd, host.index()));
        }
        for (InetAddress address : addresses) {
            boolean own = node.stream().anyMatch(addressesOfNode -> addressesOfNode.isOwn(address));
            if (!own && !wanted.containsKey(address) && (ipv6 || address instanceof Inet4Address)) {
                RouteSpec route = RouteSpec.host(address, host.index()).from(sourceHint(address, node));
                wanted.put(address, route.via(sourceTowardsNode(address)));
            }
        }
        return wanted;
    }

    /** The primary address of the interface in whose subnet the address lies, else of the first that has one, or null. */
    private static InetAddress sourceHint(InetAddress address, List<NodeAddresses> node) {
        for (NodeAddresses onInterface : node) {
            if (onInterface.isOnLink(address)
                    && onInterface.primaryLike(address).isPresent()) {
                return onInterface.primaryLike(address).get();
            }
        }
        return node.stream()
                .flatMap(onInterface -> onInterface.primaryLike(address).stream())
                .findFirst()
                .orElse(null);
    }

    private List<InetAddress> farEnds() {
        return ipv6 ? List.of(FAR_END, FAR_END6) : List.of(FAR_END);
    }

    private Map<InetAddress, RouteEvent> present() {
        Map<InetAddress, RouteEvent> present = new HashMap<>();
        for (RouteEvent route : network.routes()) {
            if (route.outIfindex() == host.index()
                    && route.table() == RouteEvent.TABLE_MAIN
                    && route.prefixLength() == Addresses.bits(route.destination())) {
                present.put(route.destination(), route);
            }
        }
        return present;
    }

    private void putNeighbours() {
        Set<InetAddress> missing = new HashSet<>(farEnds());
        network.neighbours().stream()
                .filter(known -> known.ifindex() == host.index() && known.mac() == POLLED_MAC)
                .forEach(known -> missing.remove(known.address()));
        for (InetAddress farEnd : missing) {
            attempt(farEnd, () -> requests.putPermanentNeighbour(host.index(), farEnd, POLLED_MAC));
        }
    }

    private void put(InetAddress address, RouteSpec route) {
        if (attempt(address, () -> requests.replaceRoute(route))) {
            requested.add(address);
        }
    }

    private void remove(InetAddress address) {
        requested.remove(address);
        complainedOf.remove(address);
        try {
            requests.deleteRoute(address, Addresses.bits(address), host.index());
        } catch (SysException e) {
            if (e.errno() != Errno.ESRCH) {
                complain(address, e.getMessage());
            }
        }
    }

    private boolean attempt(InetAddress address, Runnable request) {
        try {
            request.run();
            complainedOf.remove(address);
            return true;
        } catch (SysException e) {
            complain(address, e.getMessage());
            return false;
        }
    }

    private void complain(InetAddress address, String reason) {
        if (complainedOf.add(address)) {
            LOG.warn("programs of this node may not reach {}: {}", AddressText.of(address), reason);
        }
    }

    private LinkEvent await(String name, Predicate<LinkEvent> condition) {
        await(network, name, link -> link.filter(condition).isPresent());
        return network.link(name).orElseThrow();
    }

    private static void await(NetworkState network, String name, Predicate<Optional<LinkEvent>> condition) {
        long startNs = System.nanoTime();
        while (!condition.test(network.link(name))) {
            if (System.nanoTime() - startNs > PATIENCE_NS) {
                throw new SysException("waiting for the kernel's word on " + name, Errno.ETIMEDOUT);
            }
            network.await(100);
            network.poll(DATAGRAMS);
        }
    }

    private static boolean removeLeftBehind(NetworkRequests requests, NetworkState network) {
        boolean found = false;
        for (String name : List.of(HOST_SIDE, POLLED_SIDE)) {
            Optional<LinkEvent> link = network.link(name);
            if (link.isEmpty()) {
                continue;
            }
            long mac = name.equals(HOST_SIDE) ? HOST_MAC : POLLED_MAC;
            if (!isMadeByUs(link.get(), mac)) {
                throw new RejectedException(
                        RejectedException.Kind.CONFLICT,
                        name + " is a link that Gatun did not make and needs the name of, rename it" + " (ip link set "
                                + name + " name ...) or delete it (ip link del " + name + ")");
            }
            delete(requests, link.get().index());
            await(network, name, Optional::isEmpty);
            found = true;
        }
        return found;
    }

    private static boolean isMadeByUs(LinkEvent link, long mac) {
        return link.kind().equals("veth") && link.mac() == mac;
    }

    /** The other end may have taken it along. */
    private static void delete(NetworkRequests requests, int ifindex) {
        try {
            requests.deleteLink(ifindex);
        } catch (SysException e) {
            if (e.errno() != Errno.ENODEV) {
                throw e;
            }
        }
    }

    /** The largest, so that no packet that came in is too long for the node itself; never too small for IPv6. */
    private static int mtu(List<LinkEvent> served) {
        return Math.max(MTU_MIN, served.stream().mapToInt(LinkEvent::mtu).max().orElse(NextHopTable.MTU_DEFAULT));
    }
}
