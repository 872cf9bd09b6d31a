package io.gatun.forwarder.sys.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import io.gatun.forwarder.sys.TestNamespace;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two namespaces, a veth pair between them, and what the kernel says about it. */
@Tag("netns")
class NetworkStateNetnsTest {
    private static final long PATIENCE_NS = 10_000_000_000L;

    private TestNamespace node;
    private TestNamespace peer;

    /** A test's body, run on a thread inside the node's namespace. */
    private interface Body {
        void run(NetworkState state) throws Exception;
    }

    @BeforeEach
    void lay() {
        TestNamespace.assumeAvailable();
        node = TestNamespace.create();
        peer = TestNamespace.create();
        node.ip("link add eth0 address 02:00:00:00:00:01 type veth peer name eth0 address 02:00:00:00:00:02 netns "
                + peer.name());
        node.ip("addr add 10.9.0.1/24 dev eth0");
        node.ip("link set eth0 up");
        peer.ip("addr add 10.9.0.2/24 dev eth0");
        peer.ip("link set eth0 up");
    }

    @AfterEach
    void clear() {
        for (TestNamespace namespace : new TestNamespace[] {node, peer}) {
            if (namespace != null) {
                namespace.close();
            }
        }
        assertEquals(List.of(), List.copyOf(Fd.open().values()));
    }

    @Test
    void theFirstReadingIsComplete() throws Exception {
        within(state -> {
            LinkEvent link = eth0(state).orElseThrow();
            assertEquals(0x020000000001L, link.mac());
            assertEquals("veth", link.kind());
            assertEquals(1500, link.mtu());
            assertTrue(link.rxQueues() >= 1);
            assertEquals(link, state.link(link.index()).orElseThrow());
            assertTrue(state.link("lo").orElseThrow().loopback());
            assertTrue(state.addresses(link.index()).stream()
                    .anyMatch(a -> a.address().equals(ip("10.9.0.1")) && a.prefixLength() == 24));
            assertTrue(route(state, "10.9.0.0").isPresent());
            assertEquals(ip("10.9.0.1"), route(state, "10.9.0.0").orElseThrow().preferredSource());
            assertTrue(state.routes().stream()
                    .anyMatch(r -> r.table() == RouteEvent.TABLE_LOCAL
                            && r.type() == RouteEvent.LOCAL
                            && r.destination().equals(ip("10.9.0.1"))));
            assertEquals(0, state.malformed());
        });
    }

    @Test
    void linkChangesAreSeen() throws Exception {
        within(state -> {
            await(state, s -> eth0(s).orElseThrow().up());
            node.ip("link set eth0 mtu 1400");
            await(state, s -> eth0(s).orElseThrow().mtu() == 1400);
            node.ip("link set eth0 address 02:00:00:00:00:77");
            await(state, s -> eth0(s).orElseThrow().mac() == 0x020000000077L);
            peer.ip("link set eth0 down");
            await(
                    state,
                    s -> eth0(s).orElseThrow().enabled()
                            && !eth0(s).orElseThrow().up());
            peer.ip("link set eth0 up");
            await(state, s -> eth0(s).orElseThrow().up());
            node.ip("link add br0 type bridge");
            node.ip("link set eth0 master br0");
            int bridge = awaitLink(state, "br0").index();
            await(state, s -> eth0(s).orElseThrow().master() == bridge);
            node.ip("link set eth0 nomaster");
            await(state, s -> eth0(s).orElseThrow().master() == 0);
            node.ip("link set br0 name br1");
            await(state, s -> s.link("br1").isPresent() && s.link("br0").isEmpty());
        });
    }

    @Test
    void aRemovedLinkTakesEverythingWithIt() throws Exception {
        within(state -> {
            int index = eth0(state).orElseThrow().index();
            node.ip("link del eth0");
            await(
                    state,
                    s -> s.link(index).isEmpty()
                            && s.addresses(index).isEmpty()
                            && s.routes().stream().noneMatch(r -> r.outIfindex() == index)
                            && s.neighbours().stream().noneMatch(n -> n.ifindex() == index));
        });
    }

    @Test
    void addressesComeAndGo() throws Exception {
        within(state -> {
            int index = eth0(state).orElseThrow().index();
            node.ip("addr add 10.9.1.1/25 dev eth0");
            await(state, s -> s.addresses(index).stream().anyMatch(a -> a.prefixLength() == 25));
            await(state, s -> route(s, "10.9.1.0").isPresent());
            node.ip("addr add fd00::1/64 dev eth0 nodad");
            await(
                    state,
                    s -> s.allAddresses().stream().anyMatch(a -> a.address().equals(ip("fd00::1"))));
            node.ip("addr del 10.9.1.1/25 dev eth0");
            await(state, s -> s.addresses(index).stream().noneMatch(a -> a.prefixLength() == 25));
            await(state, s -> route(s, "10.9.1.0").isEmpty());
        });
    }

    @Test
    void routesComeChangeAndGo() throws Exception {
        within(state -> {
            node.ip("route add 10.20.0.0/16 via 10.9.0.2 metric 7");
            await(state, s -> gateway(s, "10.20.0.0").equals(Optional.of(ip("10.9.0.2"))));
            assertEquals(7, route(state, "10.20.0.0").orElseThrow().priority());
            node.ip("route replace 10.20.0.0/16 via 10.9.0.3 metric 7");
            await(state, s -> gateway(s, "10.20.0.0").equals(Optional.of(ip("10.9.0.3"))));
            node.ip("route append 10.20.0.0/16 via 10.9.0.4 metric 7");
            node.ip("route add blackhole 10.30.0.0/16");
            await(state, s -> route(s, "10.30.0.0").isPresent());
            assertEquals(
                    RouteEvent.BLACKHOLE,
                    route(state, "10.30.0.0").orElseThrow().type());
            assertEquals(Optional.of(ip("10.9.0.3")), gateway(state, "10.20.0.0"));
            node.ip("route del 10.20.0.0/16 via 10.9.0.3 metric 7");
            await(state, s -> gateway(s, "10.20.0.0").equals(Optional.of(ip("10.9.0.4"))));
            node.ip("route del 10.20.0.0/16 via 10.9.0.4 metric 7");
            await(state, s -> route(s, "10.20.0.0").isEmpty());
            node.ip("route add 10.40.0.0/16 nexthop via 10.9.0.5 nexthop via 10.9.0.6");
            await(state, s -> gateway(s, "10.40.0.0").equals(Optional.of(ip("10.9.0.5"))));
            assertTrue(route(state, "10.40.0.0").orElseThrow().multipath());
        });
    }

    @Test
    void routesThatTheKernelDropsInSilenceAreNoticed() throws Exception {
        within(state -> {
            node.ip("route add 10.20.0.0/16 via 10.9.0.2");
            node.ip("nexthop add id 5 via 10.9.0.2 dev eth0");
            node.ip("route add 10.50.0.0/16 nhid 5");
            await(
                    state,
                    s -> route(s, "10.20.0.0").isPresent()
                            && route(s, "10.50.0.0").isPresent());
            node.ip("nexthop del id 5");
            await(state, s -> route(s, "10.50.0.0").isEmpty());
            node.ip("link set eth0 down");
            await(
                    state,
                    s -> route(s, "10.20.0.0").isEmpty() && route(s, "10.9.0.0").isEmpty());
            node.ip("link set eth0 up");
            await(state, s -> route(s, "10.9.0.0").isPresent());
        });
    }

    @Test
    void aNeighbourIsResolvedOnRequest() throws Exception {
        within(state -> {
            int index = eth0(state).orElseThrow().index();
            assertEquals(-1, mac(state, "10.9.0.2"));
            long before = state.version();
            state.requestNeighbour(index, ip("10.9.0.2"));
            await(state, s -> mac(s, "10.9.0.2") == 0x020000000002L);
            assertTrue(state.version() > before);
            state.requestNeighbour(index, ip("10.9.0.2"));
            peer.ip("link set eth0 address 02:00:00:00:00:99");
            node.ip("neigh replace 10.9.0.2 lladdr 02:00:00:00:00:99 dev eth0");
            await(state, s -> mac(s, "10.9.0.2") == 0x020000000099L);
            node.ip("neigh del 10.9.0.2 dev eth0");
            await(state, s -> mac(s, "10.9.0.2") == -1);
        });
    }

    @Test
    void aRefusalCarriesTheReason() throws Exception {
        within(state -> {
            SysException noLink =
                    Assertions.assertThrows(SysException.class, () -> state.requestNeighbour(4242, ip("10.9.0.2")));
            assertEquals(Errno.ENODEV, noLink.errno());
            try (RtnetlinkSocket socket = RtnetlinkSocket.open(Libc.system(), 65536)) {
                NetlinkRequest shortened = new NetlinkRequest(
                                Rtnetlink.RTM_NEWROUTE, Rtnetlink.NLM_F_ACK, "RTM_NEWROUTE")
                        .u8(Rtnetlink.AF_INET)
                        .u8(99)
                        .zeros(10);
                SysException refused =
                        Assertions.assertThrows(SysException.class, () -> socket.request(shortened, new EventParser()));
                assertEquals(Errno.EINVAL, refused.errno());
                assertTrue(refused.getMessage().contains("kernel: "), refused.getMessage());
            }
        });
    }

    @Test
    void anOverrunIsRecoveredFrom() throws Exception {
        node.call(() -> {
            try (NetworkState state = NetworkState.open(Libc.system(), 4096)) {
                List<String> storm = new ArrayList<>();
                for (int i = 0; i < 500; i++) {
                    storm.add("route add 10.77.%d.%d/32 via 10.9.0.2".formatted(i / 250, i % 250));
                }
                node.ipBatch(storm);
                await(state, s -> routes(s, (byte) 77) == 500);
                assertTrue(state.overruns() > 0);
                node.ip("route add 10.78.0.0/16 via 10.9.0.2");
                await(state, s -> route(s, "10.78.0.0").isPresent());
                assertEquals(500, routes(state, (byte) 77));
                return null;
            }
        });
    }

    @Test
    void nothingNewIsNoChange() throws Exception {
        within(state -> {
            await(state, s -> eth0(s).orElseThrow().up());
            while (state.await(200)) {
                state.poll(100);
            }
            long version = state.version();
            assertEquals(0, state.poll(100));
            node.ip("link set eth0 up");
            assertFalse(state.await(100) && state.poll(100) > 0);
            assertEquals(version, state.version());
        });
    }

    private void within(Body body) throws Exception {
        node.call(() -> {
            try (NetworkState state = NetworkState.open(Libc.system())) {
                body.run(state);
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

    private static LinkEvent awaitLink(NetworkState state, String name) {
        await(state, s -> s.link(name).isPresent());
        return state.link(name).orElseThrow();
    }

    private static Optional<LinkEvent> eth0(NetworkState state) {
        return state.link("eth0");
    }

    private static long routes(NetworkState state, byte second) {
        return state.routes().stream()
                .filter(r ->
                        r.table() == RouteEvent.TABLE_MAIN && r.destination().getAddress()[1] == second)
                .count();
    }

    private static Optional<RouteEvent> route(NetworkState state, String destination) {
        return state.routes().stream()
                .filter(r ->
                        r.table() == RouteEvent.TABLE_MAIN && r.destination().equals(ip(destination)))
                .findFirst();
    }

    private static Optional<InetAddress> gateway(NetworkState state, String destination) {
        return route(state, destination).map(RouteEvent::gateway);
    }

    private static long mac(NetworkState state, String address) {
        return state.neighbours().stream()
                .filter(n -> n.address().equals(ip(address)) && n.resolved())
                .mapToLong(NeighbourEvent::mac)
                .findFirst()
                .orElse(-1);
    }

    private static InetAddress ip(String literal) {
        return InetAddress.ofLiteral(literal);
    }
}
