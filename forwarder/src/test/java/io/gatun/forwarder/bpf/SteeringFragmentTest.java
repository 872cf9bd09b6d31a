package io.gatun.forwarder.bpf;

import static io.gatun.forwarder.bpf.Frame.Packet.icmp;
import static io.gatun.forwarder.bpf.Frame.Packet.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.gatun.forwarder.sys.Libc;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Later fragments, which carry no ports, follow their first one. */
@Root.Needed
class SteeringFragmentTest {
    private static final int ROOM = 4_096;

    static Stream<Arguments> programs() {
        return Arrays.stream(SteeringHook.values())
                .flatMap(hook -> Stream.of(SteeringCases.IPV4, SteeringCases.IPV6)
                        .map(family -> arguments(hook, family, family == SteeringCases.IPV4 ? "IPv4" : "IPv6")));
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("programs")
    void followTheirFirstToAServiceASnatPortAndFromAnEndpoint(SteeringHook hook, SteeringCases net, String family) {
        try (Steering steering = load(hook)) {
            for (Frame.Packet packet : new Frame.Packet[] {
                udp(net.client, 4000, net.shared, 53),
                udp(net.endpoint, 53, net.node, 10_000),
                udp(net.endpoint, 5353, net.client, 4000),
                icmp(net.client, net.both, net == SteeringCases.IPV4 ? 8 : 128, 7)
            }) {
                assertHosts(steering, packet.fragment(185, true, 5));
                assertOurs(steering, packet.fragment(0, true, 5));
                assertOurs(steering, packet.fragment(185, true, 5));
                assertOurs(steering, packet.fragment(370, false, 5));
                assertHosts(steering, packet.fragment(185, true, 6));
            }
            assertOurs(steering, udp(net.client, 4000, net.shared, 53).fragment(185, true, 5));
            assertHosts(steering, udp(net.router, 4000, net.shared, 53).fragment(185, true, 5));
            assertHosts(steering, udp(net.client, 4000, net.pinging, 53).fragment(185, true, 5));
        }
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("programs")
    void ofTheHostStayWithTheHostAlsoWhenAnIdentificationIsUsedAgain(
            SteeringHook hook, SteeringCases net, String family) {
        Frame.Packet service = udp(net.client, 4000, net.shared, 53);
        Frame.Packet other = udp(net.client, 4000, net.shared, 5000);
        try (Steering steering = load(hook)) {
            assertHosts(steering, other.fragment(0, true, 5));
            assertHosts(steering, other.fragment(185, false, 5));
            assertOurs(steering, service.fragment(0, true, 5));
            assertHosts(steering, other.fragment(0, true, 5));
            assertHosts(steering, other.fragment(185, false, 5));
        }
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("programs")
    void aPacketInOnePieceIsNotRemembered(SteeringHook hook, SteeringCases net, String family) {
        Frame.Packet whole = udp(net.client, 4000, net.shared, 53);
        try (Steering steering = load(hook)) {
            assertOurs(steering, whole.fragment(0, false, 5));
            assertHosts(steering, whole.fragment(185, false, 5));
        }
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("programs")
    void theNewestAreRememberedWhenThereAreMoreThanThereIsRoomFor(SteeringHook hook, SteeringCases net, String family) {
        Frame.Packet packet = udp(net.client, 4000, net.shared, 53);
        try (Steering steering = load(hook)) {
            for (int id = 0; id <= 2 * ROOM; id++) {
                assertOurs(steering, packet.fragment(0, true, id));
            }
            assertOurs(steering, packet.fragment(185, false, 2 * ROOM));
            // Which old ones went is the kernel's choice: it holds the recent ones by CPU, and this thread moves.
            long remembered = IntStream.rangeClosed(0, 2 * ROOM)
                    .filter(id -> isOurs(steering, packet.fragment(185, false, id)))
                    .count();
            assertTrue(remembered <= ROOM, () -> remembered + " datagrams are remembered, there is room for " + ROOM);
        }
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("programs")
    void areFollowedInATagAndBehindOptions(SteeringHook hook, SteeringCases net, String family) {
        boolean ipv6 = net == SteeringCases.IPV6;
        Frame.Packet packet = udp(net.client, 4000, net.shared, 53);
        packet = ipv6 ? packet.extended(SteeringCases.HOP_BY_HOP, 8) : packet.options(8);
        try (Steering steering = load(hook)) {
            assertVerdict(true, steering, Frame.of(packet.fragment(0, true, 5)).tagged(0x8100));
            assertVerdict(true, steering, Frame.of(packet.fragment(9, true, 5)).tagged(0x8100));
        }
    }

    private static Steering load(SteeringHook hook) {
        Steering steering = Steering.load(Libc.system(), hook, 16, 1);
        SteeringCases.configure(steering);
        return steering;
    }

    private static void assertOurs(Steering steering, Frame.Packet packet) {
        assertVerdict(true, steering, Frame.of(packet));
    }

    private static void assertHosts(Steering steering, Frame.Packet packet) {
        assertVerdict(false, steering, Frame.of(packet));
    }

    private static boolean isOurs(Steering steering, Frame.Packet packet) {
        int verdict = steering.program().testRun(Frame.of(packet).bytes()).verdict();
        return verdict == SteeringRulesTest.verdict(steering.hook(), true);
    }

    private static void assertVerdict(boolean ours, Steering steering, Frame frame) {
        int verdict = steering.program().testRun(frame.bytes()).verdict();
        assertEquals(SteeringRulesTest.verdict(steering.hook(), ours), verdict, frame.toString());
    }
}
