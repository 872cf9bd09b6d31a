package io.gatun.forwarder.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.Memory;
import io.gatun.forwarder.sys.PacketSocket;
import io.gatun.forwarder.sys.TestNamespace;
import io.gatun.forwarder.sys.netlink.LinkEvent;
import io.gatun.forwarder.sys.netlink.NetworkState;
import io.gatun.forwarder.sys.netlink.RouteEvent;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The node's stack on one side of the pair, a hand that makes and reads frames in the agent's place on the other. */
@Tag("netns")
class LocalPairTest {
    private static final int QUIET_MS = 200;
    private static final long PATIENCE_NS = 10_000_000_000L;
    private static final int PORT = 8080;
    private static final int NAT_PORT = 20_000;
    private static final InetAddress NODE = ip("192.168.80.5");
    private static final InetAddress NODE6 = ip("fd00:80::5");
    private static final InetAddress VIP = ip("192.168.80.200");
    private static final InetAddress VIP6 = ip("fd00:80::200");
    private static final InetAddress ELSEWHERE = ip("203.0.113.9");

    private TestNamespace node;
    private TestNamespace lan;

    private interface Body {
        void run(NetworkState network, LocalPair pair) throws Exception;
    }

    private interface NetworkBody {
        void run(NetworkState network) throws Exception;
    }

    @BeforeEach
    void lay() {
        TestNamespace.assumeAvailable();
        node = TestNamespace.create();
        lan = TestNamespace.create();
        node.ip("link set lo up");
        node.ip("link add eth0 type veth peer name eth0 netns " + lan.name());
        lan.ip("link set eth0 up");
        node.ip("addr add 192.168.80.5/24 dev eth0");
        node.ip("addr add fd00:80::5/64 dev eth0 nodad");
        node.ip("link set eth0 up");
    }

    @AfterEach
    void clear() {
        node.close();
        lan.close();
        assertEquals(List.of(), List.copyOf(Fd.open().values()));
    }

    @Test
    void thePairIsMadeRoutedAndRemoved() throws Exception {
        within(network -> {
            LocalPair pair = open(network);
            assertTrue(pair.host().enabled() && pair.polled().enabled());
            assertEquals(LocalPair.POLLED_MAC, pair.polled().mac());
            assertEquals(1, pair.polled().rxQueues());
            pair.apply(Set.of(VIP, VIP6, ELSEWHERE, NODE));
            await(
                    network,
                    n -> routes(n, pair)
                            .equals(Set.of(
                                    "169.254.71.65",
                                    "fd67:6174:756e:0:0:0:0:41",
                                    "192.168.80.200 via 169.254.71.65 src 192.168.80.5",
                                    "203.0.113.9 via 169.254.71.65 src 192.168.80.5",
                                    "fd00:80:0:0:0:0:0:200 via fd67:6174:756e:0:0:0:0:41 src fd00:80:0:0:0:0:0:5")));
            assertEquals(List.of(), network.addresses(pair.host().index()));
            assertEquals(List.of(), network.addresses(pair.polled().index()));
            while (network.await(QUIET_MS)) {
                network.poll(64); // what is still to be said of the addresses and links of the start
            }
            long version = network.version();
            pair.apply(Set.of(VIP, VIP6, ELSEWHERE));
            network.poll(64);
            assertEquals(version, network.version(), "nothing to do, nothing done");
            pair.apply(Set.of(VIP6));
            await(network, n -> routes(n, pair).size() == 3);
            pair.close();
            await(
                    network,
                    n -> n.link(LocalPair.HOST_SIDE).isEmpty()
                            && n.link(LocalPair.POLLED_SIDE).isEmpty()
                            && n.routes().stream()
                                    .noneMatch(r -> r.destination().equals(VIP6)));
        });
    }

    @Test
    void whatTheMirrorHasNotHeardOfIsWithdrawnToo() throws Exception {
        withPair((network, pair) -> {
            pair.apply(Set.of(VIP));
            pair.apply(Set.of());
            await(network, n -> routes(n, pair).size() == 2);
        });
    }

    @Test
    void routesThatWentWithTheirSourceComeBack() throws Exception {
        withPair((network, pair) -> {
            pair.apply(Set.of(VIP));
            node.ip("addr del 192.168.80.5/24 dev eth0");
            await(network, n -> routes(n, pair).stream().noneMatch(route -> route.startsWith("192.168.80.200")));
            node.ip("addr add 192.168.80.6/24 dev eth0");
            await(
                    network,
                    n -> n.allAddresses().stream().anyMatch(a -> a.address().equals(ip("192.168.80.6"))));
            pair.apply(Set.of(VIP));
            await(network, n -> routes(n, pair).contains("192.168.80.200 via 169.254.71.65 src 192.168.80.6"));
        });
    }

    @Test
    void aPairOfAProcessThatDiedIsMadeAnew() throws Exception {
        within(network -> {
            LocalPair killed = open(network);
            int before = killed.host().index();
            killed.apply(Set.of(VIP));
            await(network, n -> routes(n, killed).size() == 3);
            try (LocalPair next = open(network)) {
                assertTrue(next.host().index() != before);
                next.apply(Set.of(VIP6));
                await(network, n -> n.link(before).isEmpty() && routes(n, next).size() == 3);
            }
            killed.close();
        });
    }

    @Test
    void whatIsLeftBehindCanBeRemovedWithoutAStart() throws Exception {
        within(network -> {
            assertFalse(LocalPair.removeLeftBehind(Libc.system(), network));
            LocalPair killed = open(network);
            assertTrue(LocalPair.removeLeftBehind(Libc.system(), network));
            await(network, n -> n.link(LocalPair.HOST_SIDE).isEmpty());
            killed.close();
        });
    }

    @Test
    void aLinkOfThatNameThatIsNotOursIsLeftAlone() throws Exception {
        node.ip("link add gatun1 type veth peer name other");
        within(network -> {
            RejectedException refused = assertThrows(RejectedException.class, () -> open(network));
            assertEquals(
                    "gatun1 is a link that Gatun did not make and needs the name of, rename it"
                            + " (ip link set gatun1 name ...) or delete it (ip link del gatun1)",
                    refused.getMessage());
            network.poll(64);
            assertTrue(network.link("gatun1").isPresent());
        });
    }

    @Test
    void aServerOnTheNodeAnswersAVipThroughThePair() throws Exception {
        strictReversePathFilter();
        withPair((network, pair) -> {
            pair.apply(Set.of(VIP, VIP6));
            try (PacketSocket agent = agent(pair);
                    ServerSocket server = new ServerSocket(PORT)) {
                assertTrue(server.isBound());
                assertAnswered(agent, VIP, NODE);
                assertAnswered(agent, VIP6, NODE6);
                assertAnswered(agent, LocalPair.FAR_END, NODE);
                assertAnswered(agent, LocalPair.FAR_END6, NODE6);
            }
        });
    }

    @Test
    void aClientOnTheNodeComesWithItsPrimaryAddress() throws Exception {
        withPair((network, pair) -> {
            pair.apply(Set.of(VIP, VIP6, ELSEWHERE));
            try (PacketSocket agent = agent(pair)) {
                assertAsked(agent, VIP, NODE);
                assertAsked(agent, VIP6, NODE6);
                assertAsked(agent, ELSEWHERE, NODE);
            }
        });
    }

    @Test
    void aPodBehindABridgeAnswersAVipThroughThePair() throws Exception {
        node.ip("link add cni0 type bridge");
        node.ip("addr add 10.244.0.1/24 dev cni0");
        node.ip("link set cni0 up");
        try (TestNamespace pod = TestNamespace.create()) {
            node.ip("link add pod0 type veth peer name eth0 netns " + pod.name());
            node.ip("link set pod0 master cni0");
            node.ip("link set pod0 up");
            pod.ip("addr add 10.244.0.2/24 dev eth0");
            pod.ip("link set eth0 up");
            pod.ip("route add default via 10.244.0.1");
            withPair((network, pair) -> {
                Files.writeString(Path.of("/proc/sys/net/ipv4/conf/cni0/forwarding"), "1");
                pair.apply(Set.of(VIP));
                try (PacketSocket agent = agent(pair);
                        ServerSocket server = pod.call(() -> new ServerSocket(PORT))) {
                    assertTrue(server.isBound());
                    assertAnswered(agent, VIP, ip("10.244.0.2"));
                }
            });
        }
    }

    @Test
    void whatNobodyPollsMakesNoCircle() throws Exception {
        withPair((network, pair) -> {
            pair.apply(Set.of(VIP, VIP6));
            try (PacketSocket agent = agent(pair);
                    DatagramSocket client = new DatagramSocket()) {
                client.send(new DatagramPacket(new byte[10], 10, new InetSocketAddress(VIP, 53)));
                client.send(new DatagramPacket(new byte[11], 11, new InetSocketAddress(VIP6, 53)));
                assertAsked(agent, VIP, NODE);
            }
            assertEquals(3, received(LocalPair.POLLED_SIDE), "two datagrams and a SYN");
        });
    }

    /** A SYN from the pair's polled end is answered there. */
    private static void assertAnswered(PacketSocket agent, InetAddress vip, InetAddress server) {
        ByteBuffer syn = HandMadeFrame.syn(LocalPair.HOST_MAC, LocalPair.POLLED_MAC, vip, NAT_PORT, server, PORT);
        assertEquals(syn.limit(), agent.send(syn, 0, syn.limit()));
        String answer = "%s:%d > %s:%d 0x%02x"
                .formatted(server.getHostAddress(), PORT, vip.getHostAddress(), NAT_PORT, HandMadeFrame.SYN_ACK);
        awaitFrame(agent, answer);
    }

    /** A connection that is begun shows on the polled end. */
    private static void assertAsked(PacketSocket agent, InetAddress vip, InetAddress source) throws IOException {
        try (SocketChannel client = SocketChannel.open()) {
            client.configureBlocking(false);
            client.bind(new InetSocketAddress(0));
            client.connect(new InetSocketAddress(vip, PORT));
            int port = ((InetSocketAddress) client.getLocalAddress()).getPort();
            awaitFrame(
                    agent,
                    "%s:%d > %s:%d 0x%02x"
                            .formatted(source.getHostAddress(), port, vip.getHostAddress(), PORT, HandMadeFrame.SYN));
        }
    }

    private static void awaitFrame(PacketSocket agent, String wanted) {
        ByteBuffer frame = Memory.allocate(2048);
        frame.order(ByteOrder.BIG_ENDIAN);
        StringBuilder seen = new StringBuilder();
        long start = System.nanoTime();
        while (System.nanoTime() - start < PATIENCE_NS) {
            if (agent.receive(frame) <= 0) {
                agent.await(100);
                continue;
            }
            String described = HandMadeFrame.describe(frame);
            if (described.equals(wanted)) {
                assertEquals(LocalPair.POLLED_MAC, HandMadeFrame.destinationMac(frame));
                return;
            }
            seen.append(described).append('\n');
        }
        throw new AssertionError("no frame " + wanted + ", but\n" + seen);
    }

    private void strictReversePathFilter() throws Exception {
        node.call(() -> Files.writeString(Path.of("/proc/sys/net/ipv4/conf/all/rp_filter"), "1"));
    }

    private static long received(String link) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/thread-self/net/dev"))) {
            String[] words = line.strip().split("[:\\s]+", 20);
            if (words[0].equals(link)) {
                return Long.parseLong(words[2]);
            }
        }
        throw new AssertionError("no link " + link);
    }

    private static PacketSocket agent(LocalPair pair) {
        return PacketSocket.open(Libc.system(), pair.polled().index(), PacketSocket.ETH_P_ALL);
    }

    private static LocalPair open(NetworkState network) {
        LinkEvent eth0 = network.link("eth0").orElseThrow();
        return LocalPair.open(Libc.system(), network, List.of(eth0));
    }

    private void within(NetworkBody body) throws Exception {
        node.call(() -> {
            try (NetworkState network = NetworkState.open(Libc.system())) {
                body.run(network);
            }
            return null;
        });
    }

    private void withPair(Body body) throws Exception {
        within(network -> {
            try (LocalPair pair = open(network)) {
                body.run(network, pair);
            }
        });
    }

    /** {@code DESTINATION via GATEWAY src SOURCE} of all routes into the pair. */
    private static Set<String> routes(NetworkState network, LocalPair pair) {
        Set<String> routes = new TreeSet<>();
        for (RouteEvent route : network.routes()) {
            if (route.table() == RouteEvent.TABLE_MAIN
                    && route.outIfindex() == pair.host().index()) {
                routes.add(route.destination().getHostAddress()
                        + (route.gateway() == null
                                ? ""
                                : " via " + route.gateway().getHostAddress())
                        + (route.preferredSource() == null
                                ? ""
                                : " src " + route.preferredSource().getHostAddress()));
            }
        }
        return routes;
    }

    private static void await(NetworkState network, Predicate<NetworkState> condition) {
        long start = System.nanoTime();
        while (!condition.test(network)) {
            assertTrue(
                    System.nanoTime() - start < PATIENCE_NS,
                    () -> "links " + network.links() + "\naddresses " + network.allAddresses() + "\nroutes "
                            + network.routes() + "\nneighbours " + network.neighbours());
            network.await(100);
            network.poll(64);
        }
    }

    private static InetAddress ip(String literal) {
        return InetAddress.ofLiteral(literal);
    }
}
