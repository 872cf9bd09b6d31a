package io.gatun.forwarder.bpf;

import static io.gatun.forwarder.bpf.Frame.ICMP;
import static io.gatun.forwarder.bpf.Frame.Packet.error;
import static io.gatun.forwarder.bpf.Frame.Packet.icmp;
import static io.gatun.forwarder.bpf.Frame.Packet.tcp;
import static io.gatun.forwarder.bpf.Frame.Packet.udp;
import static io.gatun.forwarder.bpf.Frame.TCP;
import static io.gatun.forwarder.bpf.Frame.UDP;
import static io.gatun.forwarder.bpf.Frame.address;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is ours, as sentences, run by the kernel. Without a socket behind the map, ours is dropped: that tells it. */
@Root.Needed
class SteeringRulesTest {
    private static final String CLIENT = "192.168.80.10";
    private static final String ROUTER = "192.168.80.254";
    private static final String VIP = "192.168.80.200";
    private static final String NODE = "192.168.80.1";
    private static final String SHARED = "192.168.80.2";
    private static final String PINGING = "192.168.80.3";
    private static final String PLAIN = "192.168.80.4";
    private static final String BOTH = "192.168.80.5";
    private static final String ENDPOINT = "192.168.80.11";

    private static Steering steering;

    @BeforeAll
    static void load() {
        steering = Steering.load(Libc.system(), 16, 2);
        configure(steering);
    }

    static void configure(Steering steering) {
        steering.putAddress(address(VIP), Steering.OWN_ALL, 0, 0);
        steering.putAddress(address(NODE), Steering.LOCAL | Steering.SNAT, 10_000, 29_999);
        steering.putAddress(address(PINGING), Steering.SNAT | Steering.HOST_ECHO, 10_000, 29_999);
        steering.putAddress(address(SHARED), Steering.SERVICES, 0, 0);
        steering.putAddress(address(BOTH), Steering.SERVICES | Steering.SNAT, 10_000, 29_999);
        steering.putAddress(address(PLAIN), Steering.LOCAL, 0, 0);
        steering.putService(address(SHARED), 80, TCP);
        steering.putService(address(SHARED), 53, UDP);
        steering.putService(address(BOTH), 80, TCP);
        steering.putService(address(BOTH), 0, ICMP);
        steering.putEndpoint(address(ENDPOINT), 8080, TCP);
        steering.putEndpoint(address(ENDPOINT), 5353, UDP);
        steering.putEndpoint(address(ENDPOINT), 0, ICMP);
    }

    @AfterAll
    static void close() {
        steering.close();
    }

    @ParameterizedTest(name = "ours: {0}")
    @MethodSource({"ownAll", "services", "snat", "endpoints"})
    void isOurs(String sentence, Frame frame) {
        assertEquals(XdpAction.DROP, verdict(frame.bytes()), sentence);
    }

    static Stream<Arguments> ownAll() {
        return Stream.of(
                row("TCP to a VIP, any port", tcp(CLIENT, 4000, VIP, 1)),
                row("UDP to a VIP", udp(CLIENT, 4000, VIP, 53)),
                row("echo request to a VIP", icmp(CLIENT, VIP, 8, 7)),
                row("a protocol nobody serves to a VIP", tcp(CLIENT, 0, VIP, 0).protocol(132)),
                row("IP options to a VIP", tcp(CLIENT, 4000, VIP, 80).options(40)),
                row("a first fragment to a VIP", udp(CLIENT, 4000, VIP, 80).fragment(0x2000)),
                row("a later fragment to a VIP", udp(CLIENT, 4000, VIP, 80).fragment(0x00b9)),
                row("an endpoint's packet to a VIP", tcp(ENDPOINT, 8080, VIP, 20_000)));
    }

    static Stream<Arguments> services() {
        return Stream.of(
                row("TCP to a service of a shared VIP", tcp(CLIENT, 4000, SHARED, 80)),
                row("UDP to a service of a shared VIP", udp(CLIENT, 4000, SHARED, 53)),
                row("IP options to a service", tcp(CLIENT, 4000, SHARED, 80).options(4)),
                row(
                        "a first fragment to a service",
                        udp(CLIENT, 4000, SHARED, 53).fragment(0x2000)),
                row("an error about a service's reply", error(ROUTER, SHARED, 3, tcp(SHARED, 80, CLIENT, 4000))),
                row("a service of an address with SNAT", tcp(CLIENT, 4000, BOTH, 80)),
                row("echo request where echo is a service", icmp(CLIENT, BOTH, 8, 7)),
                row("an error about that echo's reply", error(ROUTER, BOTH, 11, icmp(BOTH, CLIENT, 0, 7))));
    }

    static Stream<Arguments> snat() {
        return Stream.of(
                row("a TCP reply at the lowest SNAT port", tcp(ENDPOINT, 1, NODE, 10_000)),
                row("a UDP reply at the highest SNAT port", udp(ENDPOINT, 1, NODE, 29_999)),
                row("an echo reply with a SNAT identifier", icmp(ENDPOINT, NODE, 0, 12_345)),
                row("IP options to a SNAT port", tcp(ENDPOINT, 1, NODE, 10_000).options(12)),
                row("unreachable about SNATed UDP", error(ENDPOINT, NODE, 3, udp(NODE, 10_001, ENDPOINT, 53))),
                row("time exceeded about SNATed TCP", error(ROUTER, NODE, 11, tcp(NODE, 10_001, ENDPOINT, 80))),
                row("parameter problem about SNATed TCP", error(ROUTER, NODE, 12, tcp(NODE, 10_001, ENDPOINT, 80))),
                row("an error about a SNATed echo", error(ROUTER, NODE, 3, icmp(NODE, ENDPOINT, 8, 10_001))),
                row(
                        "an error that quotes IP options",
                        error(ROUTER, NODE, 3, udp(NODE, 10_001, ENDPOINT, 53).options(40))),
                row(
                        "an error with options that quotes options",
                        error(ROUTER, NODE, 3, udp(NODE, 10_001, ENDPOINT, 53).options(8))
                                .options(40)),
                row("a SNAT port of an address with services", udp(ENDPOINT, 1, BOTH, 10_000)),
                row("a SNAT port where the host keeps its pings", tcp(ENDPOINT, 1, PINGING, 10_000)));
    }

    static Stream<Arguments> endpoints() {
        return Stream.of(
                row("an endpoint's TCP reply to a client", tcp(ENDPOINT, 8080, CLIENT, 4000)),
                row("an endpoint's UDP reply to a client", udp(ENDPOINT, 5353, CLIENT, 4000)),
                row("an endpoint's echo reply to a client", icmp(ENDPOINT, CLIENT, 0, 7)),
                row(
                        "its reply with IP options",
                        tcp(ENDPOINT, 8080, CLIENT, 4000).options(4)),
                row("its closed port, told to a client", error(ENDPOINT, CLIENT, 3, udp(CLIENT, 9, ENDPOINT, 5353))),
                row("an error about a client's echo to it", error(ROUTER, CLIENT, 11, icmp(CLIENT, ENDPOINT, 8, 7))));
    }

    @ParameterizedTest(name = "the host''s: {0}")
    @MethodSource({"otherFrames", "otherServices", "otherSnat", "otherEndpoints"})
    void isTheHosts(String sentence, Frame frame) {
        assertEquals(XdpAction.PASS, verdict(frame.bytes()), sentence);
    }

    static Stream<Arguments> otherFrames() {
        Frame vip = Frame.of(tcp(CLIENT, 4000, VIP, 80));
        return Stream.of(
                arguments("ARP", vip.as(0x0806)),
                arguments("IPv6", vip.as(0x86dd)),
                arguments("a VLAN tag", vip.as(0x8100)),
                arguments("a group MAC address", vip.toGroup()),
                row("an unknown destination", tcp(CLIENT, 4000, "192.168.80.99", 80)),
                row("a plain address of the node", tcp(CLIENT, 4000, PLAIN, 22)));
    }

    static Stream<Arguments> otherServices() {
        return Stream.of(
                row("another port of a shared VIP", tcp(CLIENT, 4000, SHARED, 22)),
                row("the service's port of another protocol", udp(CLIENT, 4000, SHARED, 80)),
                row("another protocol", tcp(CLIENT, 4000, SHARED, 80).protocol(132)),
                row("echo request to a shared VIP", icmp(CLIENT, SHARED, 8, 7)),
                row(
                        "a later fragment to a shared VIP",
                        udp(CLIENT, 4000, SHARED, 53).fragment(0x00b9)),
                row("an error about the host's own", error(ROUTER, SHARED, 3, tcp(SHARED, 40_000, CLIENT, 80))),
                row("an echo reply, though echo is a service", icmp(CLIENT, BOTH, 0, 7)));
    }

    static Stream<Arguments> otherSnat() {
        return Stream.of(
                row("a port below the range", tcp(ENDPOINT, 80, NODE, 9_999)),
                row("a port above the range", tcp(ENDPOINT, 80, NODE, 30_000)),
                row("ssh to the node", tcp(CLIENT, 40_000, NODE, 22)),
                row("echo request to the node", icmp(CLIENT, NODE, 8, 12_345)),
                row("an echo reply with another identifier", icmp(ENDPOINT, NODE, 0, 7)),
                row("an echo reply where the host keeps its pings", icmp(ENDPOINT, PINGING, 0, 12_345)),
                row("an error about such a ping", error(ROUTER, PINGING, 3, icmp(PINGING, ENDPOINT, 8, 12_345))),
                row("a redirect", error(ROUTER, NODE, 5, tcp(NODE, 10_001, ENDPOINT, 80))),
                row("an error about another address", error(ROUTER, NODE, 3, tcp(CLIENT, 10_001, ENDPOINT, 80))),
                row("an error about the host's own", error(ROUTER, NODE, 3, tcp(NODE, 40_000, ENDPOINT, 80))),
                row(
                        "an error that quotes a later fragment",
                        error(ROUTER, NODE, 3, udp(NODE, 10_001, ENDPOINT, 53).fragment(1))),
                row(
                        "a later fragment to the node",
                        tcp(ENDPOINT, 1, NODE, 10_000).fragment(1)));
    }

    static Stream<Arguments> otherEndpoints() {
        return Stream.of(
                row("an endpoint's ssh to a client", tcp(ENDPOINT, 22, CLIENT, 4000)),
                row("an endpoint's reply to the node itself", tcp(ENDPOINT, 8080, PLAIN, 40_000)),
                row("an endpoint's own ping of a client", icmp(ENDPOINT, CLIENT, 8, 7)),
                row(
                        "a later fragment from an endpoint",
                        udp(ENDPOINT, 5353, CLIENT, 4000).fragment(1)),
                row("a client's packet to an endpoint", tcp(CLIENT, 4000, ENDPOINT, 8080)),
                row("traffic between two clients", tcp(CLIENT, 8080, "192.168.80.99", 8080)));
    }

    @Test
    void aFrameIsOursFromTheLengthThatProvesIt() {
        for (int length = 14; length <= 60; length++) {
            assertShortest(34, length, udp(CLIENT, 4000, VIP, 53));
            assertShortest(42, length, udp(CLIENT, 4000, SHARED, 53));
            assertShortest(42, length, udp(ENDPOINT, 53, NODE, 10_000));
            assertShortest(42, length, udp(ENDPOINT, 5353, CLIENT, 4000));
            assertShortest(46, length, udp(CLIENT, 4000, SHARED, 53).options(4));
        }
        Frame.Packet error = error(ROUTER, NODE, 3, udp(NODE, 10_001, ENDPOINT, 53));
        for (int length = 14; length <= 80; length++) {
            assertShortest(70, length, error);
        }
    }

    @Test
    void theKernelItselfRefusesLessThanAnEthernetHeader() {
        for (int length = 1; length < 14; length++) {
            byte[] frame = new byte[length];
            assertEquals(
                    Errno.EINVAL,
                    assertThrows(SysException.class, () -> verdict(frame)).errno());
        }
    }

    @Test
    void aBrokenIpHeaderIsTheHosts() {
        for (int versionAndLength = 0; versionAndLength < 256; versionAndLength++) {
            byte[] frame = Frame.of(tcp(CLIENT, 4000, VIP, 80)).bytes(100);
            frame[14] = (byte) versionAndLength;
            boolean whole = versionAndLength >= 0x45 && versionAndLength <= 0x4f;
            assertEquals(whole ? XdpAction.DROP : XdpAction.PASS, verdict(frame), "first byte " + versionAndLength);
        }
    }

    private static void assertShortest(int shortest, int length, Frame.Packet packet) {
        int expected = length >= shortest ? XdpAction.DROP : XdpAction.PASS;
        assertEquals(expected, verdict(Frame.of(packet).bytes(length)), packet + " cut to " + length);
    }

    private static int verdict(byte[] frame) {
        return steering.program().testRun(frame).verdict();
    }

    private static Arguments row(String sentence, Frame.Packet packet) {
        return arguments(sentence, Frame.of(packet));
    }
}
