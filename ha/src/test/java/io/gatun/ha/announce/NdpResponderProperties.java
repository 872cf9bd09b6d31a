package io.gatun.ha.announce;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.ha.wire.Frames;
import io.gatun.ha.wire.NdpExamples;
import io.gatun.ha.wire.NdpFlyweight;
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

class NdpResponderProperties {
    private static final int LONGEST = 200;

    @Property(tries = 5000, edgeCases = EdgeCasesMode.NONE)
    void anyBytesGetAVerdictAndOnlyARealSolicitationIsAnswered(@ForAll("frames") byte[] frame, @ForAll boolean master) {
        VipTable vips = new VipTable();
        if (master) {
            vips.add(NdpExamples.VIP).onMaster(0);
        }
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[LONGEST]);
        buffer.putBytes(0, frame);
        NdpVerdict verdict =
                new NdpResponder(vips, List.of(Frames.OURS)).judge(new NdpFlyweight().wrap(buffer, 0), frame.length);
        assertEquals(
                master && deservesAnAnswer(frame),
                verdict.reaction().answers(),
                () -> verdict + " for " + Frames.hex(frame));
    }

    /** The same question asked of the bytes one by one. */
    private static boolean deservesAnAnswer(byte[] frame) {
        if (frame.length < 78 || !isSolicitationOfTheVip(frame)) {
            return false;
        }
        int end = 54 + (ByteBuffer.wrap(frame).getShort(18) & 0xffff);
        if (end > frame.length || end < 78 || NdpExamples.sum(frame) != 0xffff) {
            return false;
        }
        byte[] sender = Arrays.copyOfRange(frame, 6, 12);
        if (!isStation(sender)) {
            return false;
        }
        boolean told = false;
        for (int at = 78; at < end; at += 8 * (frame[at + 1] & 0xff)) {
            int length = at + 8 > end ? 0 : 8 * (frame[at + 1] & 0xff);
            boolean linkLayer = length > 0 && (frame[at] == 1 || frame[at] == 2);
            if (length == 0 || at + length > end || (linkLayer && length != 8)) {
                return false;
            }
            if (frame[at] == 1 && !told) {
                sender = Arrays.copyOfRange(frame, at + 2, at + 8);
                told = true;
            }
        }
        return isStation(sender)
                && !Arrays.equals(bytes("020000000001"), sender)
                && isAskedFromAGoodAddress(frame, told);
    }

    private static boolean isSolicitationOfTheVip(byte[] frame) {
        byte[] to = Arrays.copyOfRange(frame, 0, 6);
        return ((to[0] & 1) == 1 || Arrays.equals(bytes("020000000001"), to))
                && Arrays.equals(bytes("86dd"), Arrays.copyOfRange(frame, 12, 14))
                && (frame[14] & 0xf0) == 0x60
                && Arrays.equals(bytes("3aff"), Arrays.copyOfRange(frame, 20, 22))
                && Arrays.equals(bytes("8700"), Arrays.copyOfRange(frame, 54, 56))
                && Arrays.equals(bytes("20010db80080000000000000000000c8"), Arrays.copyOfRange(frame, 62, 78));
    }

    private static boolean isStation(byte[] mac) {
        return (mac[0] & 1) == 0 && !Arrays.equals(new byte[6], mac);
    }

    private static boolean isAskedFromAGoodAddress(byte[] frame, boolean told) {
        byte[] source = Arrays.copyOfRange(frame, 22, 38);
        if (Arrays.equals(new byte[16], source)) {
            byte[] group = bytes("ff0200000000000000000001ff");
            return !told && Arrays.equals(group, Arrays.copyOfRange(frame, 38, 51));
        }
        return source[0] != -1 && !Arrays.equals(source, Arrays.copyOfRange(frame, 62, 78));
    }

    private static byte[] bytes(String hex) {
        return Frames.bytes(hex);
    }

    @Provide
    Arbitrary<byte[]> frames() {
        Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(LONGEST);
        return Arbitraries.oneOf(
                noise,
                damaged(NdpExamples.SOLICITATION),
                damaged(NdpExamples.UNICAST_SOLICITATION),
                damaged(NdpExamples.PROBE),
                damaged(NdpExamples.CLAIM));
    }

    /** A good frame with up to two bytes changed, with the checksum made good again mostly, and now and then cut short. */
    private static Arbitrary<byte[]> damaged(String hex) {
        byte[] good = Frames.bytes(hex);
        Arbitrary<Integer> place = Arbitraries.integers().between(0, good.length - 1);
        Arbitrary<Byte> value = Arbitraries.bytes();
        Arbitrary<Integer> length = Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.just(good.length)),
                Tuple.of(1, Arbitraries.integers().between(0, good.length)));
        return Combinators.combine(
                        place, value, place, value, Arbitraries.integers().between(0, 8), length)
                .as((first, firstValue, second, secondValue, choice, lengthBytes) -> {
                    byte[] frame = good.clone();
                    if (choice % 3 > 0) {
                        frame[first] = firstValue;
                    }
                    if (choice % 3 > 1) {
                        frame[second] = secondValue;
                    }
                    if (choice > 2 && frame[18] == good[18] && frame[19] == good[19]) {
                        NdpExamples.seal(frame);
                    }
                    return Arrays.copyOf(frame, lengthBytes);
                });
    }
}
