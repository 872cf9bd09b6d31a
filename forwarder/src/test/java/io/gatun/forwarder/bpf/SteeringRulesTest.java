package io.gatun.forwarder.bpf;

import static io.gatun.forwarder.bpf.Frame.Packet.error;
import static io.gatun.forwarder.bpf.Frame.Packet.tcp;
import static io.gatun.forwarder.bpf.Frame.Packet.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is ours, run by the kernel at both hooks. Without a socket behind the map, ours is dropped at XDP too: that tells
 * it.
 */
@Root.Needed
class SteeringRulesTest {
    private static final SteeringCases V4 = SteeringCases.IPV4;
    private static final SteeringCases V6 = SteeringCases.IPV6;

    private static final Map<SteeringHook, Steering> STEERING = new EnumMap<>(SteeringHook.class);

    @BeforeAll
    static void load() {
        for (SteeringHook hook : SteeringHook.values()) {
            Steering steering = Steering.load(Libc.system(), hook, 16, 2);
            STEERING.put(hook, steering);
            SteeringCases.configure(steering);
        }
    }

    @AfterAll
    static void close() {
        STEERING.values().forEach(Steering::close);
        STEERING.clear();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("cases")
    void isJudged(SteeringHook hook, SteeringCases.Case example) {
        assertEquals(
                verdict(hook, example.ours()), verdict(hook, example.frame().bytes()), example.toString());
    }

    static Stream<Arguments> cases() {
        return Arrays.stream(SteeringHook.values())
                .flatMap(hook -> SteeringCases.all().stream().map(example -> arguments(hook, example)));
    }

    @ParameterizedTest
    @EnumSource
    void aFrameIsOursFromTheLengthThatProvesIt(SteeringHook hook) {
        for (int length = 15; length <= 80; length++) {
            assertShortest(hook, 34, length, udp(V4.client, 4000, V4.vip, 53));
            assertShortest(hook, 42, length, udp(V4.client, 4000, V4.shared, 53));
            assertShortest(hook, 42, length, udp(V4.endpoint, 53, V4.node, 10_000));
            assertShortest(hook, 42, length, udp(V4.endpoint, 5353, V4.client, 4000));
            assertShortest(hook, 46, length, udp(V4.client, 4000, V4.shared, 53).options(4));
            assertShortest(hook, 54, length, udp(V6.client, 4000, V6.vip, 53));
            assertShortest(hook, 62, length, udp(V6.client, 4000, V6.shared, 53));
            assertShortest(hook, 62, length, udp(V6.endpoint, 5353, V6.client, 4000));
            assertShortest(hook, 70, length, udp(V6.client, 4000, V6.shared, 53).extended(SteeringCases.ROUTING, 8));
            assertShortest(hook, 70, length, udp(V6.client, 4000, V6.shared, 53).firstFragment());
        }
        for (int length = 15; length <= 120; length++) {
            assertShortest(hook, 70, length, error(V4.router, V4.node, 3, udp(V4.node, 10_001, V4.endpoint, 53)));
            assertShortest(hook, 110, length, error(V6.router, V6.node, 1, udp(V6.node, 10_001, V6.endpoint, 53)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theKernelItselfRefusesLessThanAnEthernetHeader(SteeringHook hook) {
        for (int length = 1; length < 14; length++) {
            byte[] frame = new byte[length];
            assertEquals(
                    Errno.EINVAL,
                    assertThrows(SysException.class, () -> verdict(hook, frame)).errno());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenIpHeaderIsTheHosts(SteeringHook hook) {
        for (int first = 0; first < 256; first++) {
            byte[] ipv4 = Frame.of(tcp(V4.client, 4000, V4.vip, 80)).bytes(100);
            ipv4[14] = (byte) first;
            assertEquals(verdict(hook, first >= 0x45 && first <= 0x4f), verdict(hook, ipv4), "IPv4 " + first);
            byte[] ipv6 = Frame.of(tcp(V6.client, 4000, V6.vip, 80)).bytes(100);
            ipv6[14] = (byte) first;
            assertEquals(verdict(hook, first >>> 4 == 6), verdict(hook, ipv6), "IPv6 " + first);
        }
    }

    /** At tcx the kernel refuses to run what is shorter than its IP header. */
    private static void assertShortest(SteeringHook hook, int shortest, int length, Frame.Packet packet) {
        if (hook == SteeringHook.TCX && length < 14 + (packet.isIpv6() ? 40 : 20)) {
            return;
        }
        int expected = verdict(hook, length >= shortest);
        assertEquals(expected, verdict(hook, Frame.of(packet).bytes(length)), packet + " cut to " + length);
    }

    /** What a program returns for ours, and for the host's. */
    static int verdict(SteeringHook hook, boolean ours) {
        return switch (hook) {
            case XDP -> ours ? XdpAction.DROP : XdpAction.PASS;
            case TCX -> ours ? TcxAction.DROP : TcxAction.NEXT;
        };
    }

    private static int verdict(SteeringHook hook, byte[] frame) {
        return STEERING.get(hook).program().testRun(frame).verdict();
    }
}
