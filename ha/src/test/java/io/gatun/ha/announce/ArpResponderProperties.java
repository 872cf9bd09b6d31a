package io.gatun.ha.announce;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.ha.wire.ArpFlyweight;
import io.gatun.ha.wire.Frames;
import io.gatun.ha.wire.IpAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.agrona.concurrent.UnsafeBuffer;

class ArpResponderProperties {
    @Property(tries = 5000, edgeCases = EdgeCasesMode.NONE)
    void anyBytesGetAVerdictAndOnlyARealRequestIsAnswered(@ForAll("frames") byte[] frame, @ForAll boolean master) {
        VipTable vips = new VipTable();
        ArpResponder responder = new ArpResponder(vips, List.of(Frames.OURS));
        Vip vip = vips.add(IpAddress.ofIpv4(Frames.VIP));
        if (master) {
            vip.onMaster(0);
        }
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[128]);
        buffer.putBytes(0, frame);
        ArpVerdict verdict = responder.judge(new ArpFlyweight().wrap(buffer, 0), frame.length);
        assertEquals(
                master && deservesAnAnswer(frame),
                verdict == ArpVerdict.ANSWER,
                () -> verdict + " for " + Frames.hex(frame));
    }

    /** The same question asked of the bytes one by one. */
    private static boolean deservesAnAnswer(byte[] frame) {
        if (frame.length < 42) {
            return false;
        }
        byte[] constants = Frames.bytes("0806 0001 0800 06 04 0001");
        byte[] sender = Arrays.copyOfRange(frame, 22, 28);
        byte[] destination = Arrays.copyOfRange(frame, 0, 6);
        byte[] ours = Frames.bytes("020000000001");
        return Arrays.equals(constants, Arrays.copyOfRange(frame, 12, 22))
                && (sender[0] & 1) == 0
                && !Arrays.equals(new byte[6], sender)
                && !Arrays.equals(ours, sender)
                && ((destination[0] & 1) == 1 || Arrays.equals(ours, destination))
                && ByteBuffer.wrap(frame).getInt(28) != Frames.VIP
                && ByteBuffer.wrap(frame).getInt(38) == Frames.VIP;
    }

    @Provide
    Arbitrary<byte[]> frames() {
        Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(128);
        return Arbitraries.oneOf(noise, damaged(Frames.REQUEST), damaged(Frames.PROBE), damaged(Frames.CLAIM));
    }

    /** A good frame with up to two bytes changed, and now and then cut short. */
    private static Arbitrary<byte[]> damaged(String hex) {
        Arbitrary<Integer> place = Arbitraries.integers().between(0, 41);
        Arbitrary<Byte> value = Arbitraries.bytes();
        Arbitrary<Integer> length = Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.just(42)),
                Tuple.of(1, Arbitraries.integers().between(0, 41)));
        return Combinators.combine(
                        place, value, place, value, Arbitraries.integers().between(0, 2), length)
                .as((first, firstValue, second, secondValue, changes, lengthBytes) -> {
                    byte[] frame = Frames.bytes(hex);
                    if (changes > 0) {
                        frame[first] = firstValue;
                    }
                    if (changes > 1) {
                        frame[second] = secondValue;
                    }
                    return Arrays.copyOf(frame, lengthBytes);
                });
    }
}
