package io.gatun.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PseudoRandomStreamProperties {
    private static final byte[] LONG = atOnce(10_000);

    @Property
    void shorterStreamIsTheBeginningOfALongerOneHoweverItIsRead(
            @ForAll @IntRange(max = 10_000) int length, @ForAll @IntRange(min = 1, max = 1000) int chunk) {
        PseudoRandomStream stream = new PseudoRandomStream(length);
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        byte[] bytes = new byte[chunk];
        for (int count = stream.read(bytes, 0, chunk); count > 0; count = stream.read(bytes, 0, chunk)) {
            read.write(bytes, 0, count);
            int one = stream.read();
            if (one >= 0) {
                read.write(one);
            }
        }
        assertArrayEquals(Arrays.copyOf(LONG, length), read.toByteArray());
        assertEquals(-1, stream.read());
    }

    private static byte[] atOnce(int length) {
        byte[] bytes = new byte[length];
        assertEquals(length, new PseudoRandomStream(length).read(bytes, 0, length));
        return bytes;
    }
}
