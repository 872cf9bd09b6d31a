package io.gatun.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.sys.Libc;
import java.util.Arrays;
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
    private Steering steering;

    @BeforeProperty
    void load() {
        steering = Steering.load(Libc.system(), 16, 1);
        SteeringRulesTest.configure(steering);
    }

    @AfterProperty
    void close() {
        steering.close();
    }

    @Property(tries = 2000)
    void noBytesMakeItAbortOrChangeThePacket(@ForAll("frames") byte[] frame) {
        TestRun run = steering.program().testRun(frame);
        assertTrue(run.verdict() == XdpAction.DROP || run.verdict() == XdpAction.PASS, "verdict " + run.verdict());
        assertEquals(new UnsafeBuffer(frame), run.packet());
    }

    /** Random bytes, with none, some or all of the fields set that lead deeper into the program. */
    @Provide
    Arbitrary<byte[]> frames() {
        Arbitrary<byte[]> noise =
                Arbitraries.bytes().array(byte[].class).ofMinSize(14).ofMaxSize(160);
        Arbitrary<Integer> depth = Arbitraries.integers().between(0, 4);
        Arbitrary<Integer> protocol = Arbitraries.of(1, 1, 1, 6, 17);
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
