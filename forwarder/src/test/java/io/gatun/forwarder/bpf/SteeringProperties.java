package io.gatun.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.sys.Libc;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.agrona.concurrent.UnsafeBuffer;

@Tag("netns")
@AddLifecycleHook(Root.class)
class SteeringProperties {
    private final Map<SteeringHook, Steering> steering = new EnumMap<>(SteeringHook.class);

    @BeforeProperty
    void load() {
        for (SteeringHook hook : SteeringHook.values()) {
            Steering loaded = Steering.load(Libc.system(), hook, 16, 1);
            steering.put(hook, loaded);
            SteeringCases.configure(loaded);
        }
    }

    @AfterProperty
    void close() {
        steering.values().forEach(Steering::close);
    }

    @Property(tries = 2000)
    void noBytesMakeItAbortOrChangeThePacket(@ForAll("frames") byte[] frame) {
        assertHarmless(frame);
    }

    @Property(tries = 2000)
    void noChangeOfAnExampleMakesItAbortOrChangeThePacket(@ForAll("mutants") byte[] frame) {
        assertHarmless(frame);
    }

    /** Neither hook aborts or writes, and both judge alike. */
    private void assertHarmless(byte[] frame) {
        TestRun xdp = steering.get(SteeringHook.XDP).program().testRun(frame);
        boolean ours = xdp.verdict() == SteeringRulesTest.verdict(SteeringHook.XDP, true);
        assertTrue(ours || xdp.verdict() == XdpAction.PASS, "verdict " + xdp.verdict());
        assertEquals(new UnsafeBuffer(frame), xdp.packet());
        if (frame.length >= 54) { // at tcx the kernel refuses to run what is shorter than its IP header
            TestRun tcx = steering.get(SteeringHook.TCX).program().testRun(frame);
            assertEquals(SteeringRulesTest.verdict(SteeringHook.TCX, ours), tcx.verdict());
            assertEquals(new UnsafeBuffer(frame), tcx.packet());
        }
    }

    /** Frames of the truth table with some bytes behind the MAC addresses changed, cut or grown. */
    @Provide
    Arbitrary<byte[]> mutants() {
        List<SteeringCases.Case> cases = SteeringCases.all();
        Arbitrary<Integer> length = Arbitraries.integers().between(15, 200);
        Arbitrary<byte[]> noise =
                Arbitraries.bytes().array(byte[].class).ofMinSize(0).ofMaxSize(6);
        Arbitrary<Integer> place = Arbitraries.integers().between(12, 90);
        return Combinators.combine(
                        Arbitraries.of(cases), length, noise, place.list().ofSize(6))
                .as((example, bytes, values, places) -> {
                    byte[] frame = example.frame().bytes(bytes);
                    for (int i = 0; i < values.length; i++) {
                        frame[places.get(i) % bytes] = values[i];
                    }
                    return frame;
                });
    }

    /** Random bytes, with none, some or all of the fields set that lead deeper into the program. */
    @Provide
    Arbitrary<byte[]> frames() {
        Arbitrary<byte[]> noise =
                Arbitraries.bytes().array(byte[].class).ofMinSize(15).ofMaxSize(160);
        Arbitrary<Integer> depth = Arbitraries.integers().between(0, 4);
        Arbitrary<Integer> protocol = Arbitraries.of(1, 1, 1, 6, 17, 132);
        Arbitrary<Integer> address = Arbitraries.of(1, 2, 3, 4, 5, 11, 99, 200);
        Arbitrary<Integer> ihl = Arbitraries.integers().between(4, 15);
        return Combinators.combine(noise, depth, protocol, address, address, ihl)
                .as(SteeringProperties::shape);
    }

    private static byte[] shape(byte[] noise, int depth, int protocol, int source, int destination, int ihl) {
        byte[] frame = noise.clone();
        if (depth >= 1 && frame.length > 34) {
            frame[0] = 2;
            frame[12] = 8;
            frame[13] = 0;
            ip(frame, 14, protocol, source, destination, ihl);
        }
        int icmp = 14 + 4 * ihl;
        if (depth >= 2 && frame.length > icmp + 28) {
            frame[icmp] = (byte) (depth == 2 ? 0 : 3);
            ip(frame, icmp + 8, protocol, destination, source, depth == 4 ? 5 : ihl);
        }
        return frame;
    }

    private static void ip(byte[] frame, int at, int protocol, int source, int destination, int ihl) {
        frame[at] = (byte) (0x40 | ihl);
        Arrays.fill(frame, at + 6, at + 8, (byte) 0);
        frame[at + 9] = (byte) protocol;
        for (int end : new int[] {at + 12, at + 16}) {
            frame[end] = (byte) 192;
            frame[end + 1] = (byte) 168;
            frame[end + 2] = 80;
        }
        frame[at + 15] = (byte) source;
        frame[at + 19] = (byte) destination;
    }
}
