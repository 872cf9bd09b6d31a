package io.gatun.forwarder.sys.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import io.gatun.forwarder.sys.TestNamespace;
import io.gatun.forwarder.sys.netlink.NetworkRequests.Ipv4Setting;
import io.gatun.forwarder.sys.netlink.NetworkRequests.VethEnd;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is asked of the kernel is what it then says. */
@Tag("netns")
class NetworkRequestsNetnsTest {
    private static final long PATIENCE_NS = 10_000_000_000L;
    private static final VethEnd LEFT = new VethEnd("left", 0x020000000011L);
    private static final VethEnd RIGHT = new VethEnd("right", 0x020000000012L);

    private TestNamespace node;

    private interface Body {
        void run(NetworkState state, NetworkRequests requests) throws Exception;
    }

    @BeforeEach
    void make() {
        TestNamespace.assumeAvailable();
        node = TestNamespace.create();
    }

    @AfterEach
    void clear() {
        if (node != null) {
            node.close();
        }
        assertEquals(List.of(), List.copyOf(Fd.open().values()));
    }

    @Test
    void aVethPairComesUpAndGoes() throws Exception {
        within((state, requests) -> {
            int left = makePair(state, requests);
            LinkEvent link = state.link("left").orElseThrow();
            assertEquals("veth", link.kind());
            assertEquals(LEFT.mac(), link.mac());
            assertEquals(1400, link.mtu());
            assertEquals(1, link.rxQueues());
            assertEquals(1, link.txQueues());
            assertEquals(RIGHT.mac(), state.link("right").orElseThrow().mac());
            assertEquals(1400, state.link("right").orElseThrow().mtu());
            assertTrue(link.enabled());
            requests.down(left);
            await(state, s -> !s.link("left").orElseThrow().enabled());
            requests.deleteLink(left);
            await(state, s -> s.link("left").isEmpty() && s.link("right").isEmpty());
        });
    }

    @Test
    void aLinkWithoutGeneratedAddressesHasNone() throws Exception {
        within((state, requests) -> {
            int left = makePair(state, requests);
            requests.addAddress(left, ip("192.0.2.1"), 24);
            requests.addAddress(left, ip("fd00:1::1"), 64);
            await(state, s -> s.addresses(left).size() == 2);
            assertTrue(state.addresses(left).stream().noneMatch(a -> (a.flags() & 0x40) != 0), "no DAD");
            requests.deleteAddress(left, ip("fd00:1::1"), 64);
            requests.deleteAddress(left, ip("192.0.2.1"), 24);
            await(state, s -> s.addresses(left).isEmpty());
        });
    }

    @Test
    void routesOfBothFamiliesAreThoseAskedFor() throws Exception {
        within((state, requests) -> {
            int left = makePair(state, requests);
            requests.addAddress(left, ip("192.0.2.1"), 24);
            requests.addAddress(left, ip("fd00:1::1"), 64);
            List<RouteSpec> routes = List.of(
                    RouteSpec.host(ip("203.0.113.7"), left).from(ip("192.0.2.1")),
                    RouteSpec.network(ip("198.51.100.0"), 24, left)
                            .via(ip("192.0.2.9"))
                            .withMtu(1300),
                    RouteSpec.host(ip("2001:db8::7"), left).from(ip("fd00:1::1")),
                    RouteSpec.network(ip("2001:db8:7::"), 48, left)
                            .via(ip("fd00:1::9"))
                            .withMtu(1290));
            routes.forEach(requests::addRoute);
            for (RouteSpec route : routes) {
                await(state, s -> s.routes().stream().anyMatch(route::matches));
            }
            SysException doubled = assertThrows(SysException.class, () -> requests.addRoute(routes.get(0)));
            assertEquals(Errno.EEXIST, doubled.errno());
            RouteSpec other = routes.get(0).from(null);
            requests.replaceRoute(other);
            await(state, s -> s.routes().stream().anyMatch(other::matches));
            assertFalse(state.routes().stream().anyMatch(routes.get(0)::matches));
            for (RouteSpec route : routes) {
                requests.deleteRoute(route.destination(), route.prefixLength(), left);
            }
            await(
                    state,
                    s -> s.routes().stream()
                            .noneMatch(r -> routes.stream()
                                    .anyMatch(route -> r.destination().equals(route.destination()))));
            SysException gone =
                    assertThrows(SysException.class, () -> requests.deleteRoute(ip("203.0.113.7"), 32, left));
            assertEquals(Errno.ESRCH, gone.errno());
        });
    }

    @Test
    void aPermanentNeighbourStays() throws Exception {
        within((state, requests) -> {
            int left = makePair(state, requests);
            for (String literal : List.of("192.0.2.77", "fd00:1::77")) {
                requests.putPermanentNeighbour(left, ip(literal), 0x02000000aa01L);
                requests.putPermanentNeighbour(left, ip(literal), 0x02000000aa02L);
                NeighbourEvent permanent =
                        new NeighbourEvent(left, ip(literal), 0x02000000aa02L, NeighbourEvent.NUD_PERMANENT, false);
                await(state, s -> s.neighbours().contains(permanent));
                requests.deleteNeighbour(left, ip(literal));
                await(
                        state,
                        s -> s.neighbours().stream()
                                .noneMatch(n -> n.resolved() && n.address().equals(ip(literal))));
            }
        });
    }

    @Test
    void anIpv6NeighbourIsResolvedOnRequest() throws Exception {
        try (TestNamespace peer = TestNamespace.create()) {
            within((state, requests) -> {
                node.ip("link add left type veth peer name right address 02:00:00:00:00:12 netns " + peer.name());
                peer.ip("addr add fd00:1::2/64 dev right nodad");
                peer.ip("link set right up");
                node.ip("link set left up");
                await(
                        state,
                        s -> s.allAddresses().stream()
                                .anyMatch(a -> a.address().isLinkLocalAddress() && (a.flags() & 0x40) == 0));
                int left = state.link("left").orElseThrow().index();
                requests.addAddress(left, ip("fd00:1::1"), 64);
                state.requestNeighbour(left, ip("fd00:1::2"));
                await(
                        state,
                        s -> s.neighbours().stream()
                                .anyMatch(n ->
                                        n.address().equals(ip("fd00:1::2")) && n.mac() == RIGHT.mac() && n.resolved()));
            });
        }
    }

    @Test
    void settingsOfALinkAreThoseOfTheSysctl() throws Exception {
        within((state, requests) -> {
            int left = makePair(state, requests);
            requests.set(left, Ipv4Setting.RP_FILTER, 2);
            requests.set(left, Ipv4Setting.FORWARDING, 1);
            Path settings = Path.of("/proc/sys/net/ipv4/conf/left");
            assertEquals("2", Files.readString(settings.resolve("rp_filter")).strip());
            assertEquals("1", Files.readString(settings.resolve("forwarding")).strip());
        });
    }

    @Test
    void aRefusalNamesTheRequestItsObjectAndTheKernelsWords() throws Exception {
        within((state, requests) -> {
            int left = makePair(state, requests);
            SysException unreachable = assertThrows(
                    SysException.class,
                    () -> requests.addRoute(
                            RouteSpec.host(ip("203.0.113.7"), left).via(ip("192.0.2.1"))));
            assertEquals(
                    "RTM_NEWROUTE 203.0.113.7/32 via 192.0.2.1 ifindex " + left
                            + " (kernel: Nexthop has invalid gateway): ENETUNREACH (network is unreachable)",
                    unreachable.getMessage());
            SysException doubled = assertThrows(SysException.class, () -> requests.addVethPair(LEFT, RIGHT, 1500));
            assertEquals(Errno.EEXIST, doubled.errno());
            assertTrue(doubled.getMessage().startsWith("RTM_NEWLINK veth left, right"), doubled.getMessage());
            SysException none = assertThrows(SysException.class, () -> requests.deleteLink(4242));
            assertEquals(Errno.ENODEV, none.errno());
        });
    }

    /** The pair, up, without generated addresses. @return ifindex of the left end */
    private static int makePair(NetworkState state, NetworkRequests requests) {
        requests.addVethPair(LEFT, RIGHT, 1400);
        await(state, s -> s.link("left").isPresent() && s.link("right").isPresent());
        int left = state.link("left").orElseThrow().index();
        int right = state.link("right").orElseThrow().index();
        requests.generateNoIpv6Addresses(left);
        requests.up(left);
        requests.up(right);
        await(state, s -> s.link("left").orElseThrow().up());
        return left;
    }

    private void within(Body body) throws Exception {
        node.call(() -> {
            try (NetworkState state = NetworkState.open(Libc.system());
                    NetworkRequests requests = NetworkRequests.open(Libc.system())) {
                body.run(state, requests);
            }
            return null;
        });
    }

    private static void await(NetworkState state, Predicate<NetworkState> condition) {
        long start = System.nanoTime();
        while (!condition.test(state)) {
            assertTrue(
                    System.nanoTime() - start < PATIENCE_NS,
                    () -> "links " + state.links() + "\naddresses " + state.allAddresses() + "\nroutes "
                            + state.routes() + "\nneighbours " + state.neighbours());
            state.await(100);
            state.poll(64);
        }
    }

    private static InetAddress ip(String literal) {
        return InetAddress.ofLiteral(literal);
    }
}
