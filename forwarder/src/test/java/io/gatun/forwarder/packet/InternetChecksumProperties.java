package io.gatun.forwarder.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;

class InternetChecksumProperties {
    private static final int ROOM = 2048;

    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(ROOM));

    @Property
    void theSumIsThatOfTheNaiveModel(@ForAll @Size(max = 200) byte[] bytes, @ForAll @IntRange(max = 15) int offset) {
        buffer.putBytes(offset, bytes);

        assertEquals(
                new NaiveChecksum().add(bytes, 0, bytes.length).sum(),
                InternetChecksum.fold(InternetChecksum.sum(buffer, offset, bytes.length)));
    }

    @Example
    void everyLengthAtEveryAlignmentIsRight() {
        byte[] bytes = new byte[1600];
        new Random(80).nextBytes(bytes);
        for (int offset = 0; offset < 8; offset++) {
            buffer.putBytes(offset, bytes);
            for (int length = 0; length <= bytes.length; length++) {
                assertEquals(
                        new NaiveChecksum().add(bytes, 0, length).checksum(),
                        InternetChecksum.of(InternetChecksum.sum(buffer, offset, length)));
            }
        }
    }

    @Property
    void foldAgreesWithTheSumOfItsWords(@ForAll long sum) {
        byte[] words = ByteBuffer.allocate(8).putLong(sum).array();

        assertEquals(new NaiveChecksum().add(words, 0, 8).sum(), InternetChecksum.fold(sum));
    }

    @Property
    void thePseudoHeaderIsThatOfTheNaiveModel(
            @ForAll int source,
            @ForAll int destination,
            @ForAll @IntRange(max = 255) int protocol,
            @ForAll @IntRange(max = 65_535) int length) {
        assertEquals(
                new NaiveChecksum()
                        .pseudoHeader(source, destination, protocol, length)
                        .sum(),
                InternetChecksum.fold(InternetChecksum.pseudoHeader(source, destination, protocol, length)));
    }

    /** Not for zeros alone, whose checksum is 0xFFFF when computed and 0 when updated; no TCP, UDP or IP header is. */
    @Property
    void anUpdatedChecksumIsARecomputedOne(
            @ForAll @Size(min = 8, max = 64) byte[] bytes, @ForAll @IntRange(max = 1) int word, @ForAll int after) {
        buffer.putBytes(0, bytes);
        int checksum = InternetChecksum.of(InternetChecksum.sum(buffer, 0, bytes.length));
        int before = buffer.getInt(4 * word, ByteOrder.BIG_ENDIAN);
        int updated = InternetChecksum.update(checksum, InternetChecksum.delta(before, after));

        buffer.putInt(4 * word, after, ByteOrder.BIG_ENDIAN);
        long sum = InternetChecksum.sum(buffer, 0, bytes.length);

        Assume.that(sum != 0);
        assertEquals(InternetChecksum.of(sum), updated);
    }

    @Property
    void updatesAddUp(@ForAll @Size(12) byte[] bytes, @ForAll int first, @ForAll int second) {
        buffer.putBytes(0, bytes);
        int checksum = InternetChecksum.of(InternetChecksum.sum(buffer, 0, 12));
        long delta = InternetChecksum.delta(buffer.getInt(0, ByteOrder.BIG_ENDIAN), first)
                + InternetChecksum.delta(buffer.getInt(4, ByteOrder.BIG_ENDIAN), second);

        buffer.putInt(0, first, ByteOrder.BIG_ENDIAN);
        buffer.putInt(4, second, ByteOrder.BIG_ENDIAN);
        long sum = InternetChecksum.sum(buffer, 0, 12);

        Assume.that(sum != 0);
        assertEquals(InternetChecksum.of(sum), InternetChecksum.update(checksum, delta));
    }

    @Example
    void theExampleOfRfc1624Section4() {
        // HC = 0xDD2F, m = 0x5555, m' = 0x3285: the right answer is 0x0000, not 0xFFFF.
        assertEquals(0x0000, InternetChecksum.update(0xDD2F, InternetChecksum.delta(0x5555, 0x3285)));
    }
}
