package io.gatun.forwarder.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class Crc32cTest {
    private final ByteBuffer memory = ByteBuffer.allocateDirect(4096);
    private final UnsafeBuffer direct = new UnsafeBuffer(memory);
    private final UnsafeBuffer bare = new UnsafeBuffer(direct.addressOffset(), memory.capacity());
    private final UnsafeBuffer part = new UnsafeBuffer(memory, 64, 2048);
    private final UnsafeBuffer array = new UnsafeBuffer(new byte[4096], 16, 4000);
    private final Crc32c crc = new Crc32c();

    /** The examples of RFC 3720 appendix B.4. */
    @Test
    void theExamplesOfRfc3720() {
        byte[] rising = new byte[32];
        byte[] falling = new byte[32];
        for (int i = 0; i < 32; i++) {
            rising[i] = (byte) i;
            falling[i] = (byte) (31 - i);
        }
        byte[] ones = new byte[32];
        Arrays.fill(ones, (byte) 0xFF);

        assertCrc(0x8A91_36AA, new byte[32]);
        assertCrc(0x62A8_AB43, ones);
        assertCrc(0x46DD_794E, rising);
        assertCrc(0x113F_DB5C, falling);
    }

    @Test
    void everyLengthIsThatOfTheNaiveModel() {
        byte[] bytes = new byte[200];
        new Random(132).nextBytes(bytes);
        for (int length = 0; length <= bytes.length; length++) {
            byte[] some = Arrays.copyOf(bytes, length);
            assertCrc(NaiveCrc32c.of(some, 0, length), some);
        }
    }

    private void assertCrc(int expected, byte[] bytes) {
        for (UnsafeBuffer buffer : new UnsafeBuffer[] {direct, bare, part, array}) {
            buffer.putBytes(7, bytes);
            assertEquals(expected, crc.of(buffer, 7, bytes.length));
        }
    }
}
