package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.PortUnreachableException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** To its neighbours the VIP looks like a host: it answers ARP and echo requests, and refuses what it does not serve. */
@LabTest
class VipAsHostTest {
    /** The first retransmission of a SYN or an ARP request comes a second after it. */
    private static final long AT_ONCE_NS = 900_000_000L;

    @TempDir
    static Path directory;

    private static FlatLan lan;
    private static GatunNode node;

    @BeforeAll
    static void start(Lab lab) throws Exception {
        lan = FlatLan.build(lab, 1).serve();
        node = GatunNode.start(lan.lb(), directory, "--io=xdp");
        node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
        node.rule("udp", 53, GatunNode.ONE_ARM, FlatLan.UDP, FlatLan.EP1);
    }

    @Test
    void readyLineNamesInterfaceEngineAndApi() {
        assertTrue(
                node.readyLine()
                        .matches("ready interface=eth0 engine=xdp mode=native reason=\"asked for\" .*"
                                + "api=127\\.0\\.0\\.1:11111"),
                node.readyLine());
    }

    @Test
    void clientsResolveItToTheNodesMac() throws Exception {
        lan.client().exec("ip", "neigh", "flush", "dev", "eth0");
        assertEquals("ep1", Http.get(lan.client(), FlatLan.VIP, 80, "/name"));
        String entry = lan.client().exec("ip", "neigh", "show", FlatLan.VIP).stdout();
        assertTrue(entry.contains("lladdr " + lan.lb().mac()), entry);
    }

    @Test
    void itIsOnNoInterfaceOfTheNode() {
        String addresses = lan.lb().exec("ip", "-o", "addr", "show").stdout();
        assertTrue(addresses.contains(FlatLan.LB), addresses);
        assertFalse(addresses.contains(FlatLan.VIP), addresses);
    }

    @Test
    void aNewVipIsAnnouncedAsRequestAndAsReply() throws Exception {
        String vip = "192.168.80.201";
        try (Capture capture = Capture.start(
                lan.client(),
                "arp and ether broadcast and ether src " + lan.lb().mac())) {
            node.rule(vip, "tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
            capture.await("(Request who-has " + vip + ".* tell " + vip + "|Announcement " + vip + ")");
            capture.await("Reply " + vip + " is-at " + lan.lb().mac());
        }
    }

    @Test
    void itAnswersEchoRequests() throws Exception {
        try (Capture capture = Capture.start(lan.client(), "icmp")) {
            assertTrue(
                    lan.client().call(() -> InetAddress.ofLiteral(FlatLan.VIP).isReachable(5_000)));
            capture.await(lan.lb().mac() + ".* " + FlatLan.VIP + " > " + FlatLan.CLIENT + ": ICMP echo reply");
        }
        // Sizes and patterns checked by the program that people use.
        String ping = lan.client()
                .exec("ping", "-c", "3", "-i", "0.2", "-s", "1400", "-W", "5", FlatLan.VIP)
                .stdout();
        assertTrue(ping.contains("3 received") && !ping.contains("wrong data"), ping);
    }

    @Test
    void anUnknownTcpPortIsRefusedAtOnce() throws Exception {
        long elapsedNs = lan.client().call(() -> {
            long startNs = System.nanoTime();
            ConnectException e = assertThrows(ConnectException.class, () -> Http.open(FlatLan.VIP, 81));
            assertTrue(e.getMessage().contains("refused"), e.getMessage());
            return System.nanoTime() - startNs;
        });
        assertTrue(elapsedNs < AT_ONCE_NS, elapsedNs + " ns");
    }

    @Test
    void anUnknownUdpPortIsUnreachable() throws Exception {
        assertThrows(PortUnreachableException.class, () -> Udp.ask(lan.client(), FlatLan.VIP, 54, "hello"));
    }

    @Test
    void aProtocolThatIsNotServedLeavesTheOthersAlone() throws Exception {
        // The TCP port of a UDP service and the other way round.
        assertThrows(
                ConnectException.class,
                () -> lan.client().run(() -> Http.open(FlatLan.VIP, 53).close()));
        assertThrows(PortUnreachableException.class, () -> Udp.ask(lan.client(), FlatLan.VIP, 80, "hello"));
        assertEquals("ep1 hello", Udp.ask(lan.client(), FlatLan.VIP, 53, "hello"));
        assertEquals(
                List.of("ep1", "ep1"),
                List.of(
                        Http.get(lan.client(), FlatLan.VIP, 80, "/name"),
                        Http.get(lan.client(), FlatLan.VIP, 80, "/name")));
    }
}
