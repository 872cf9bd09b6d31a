package io.gatun.forwarder.packet;

/** CRC32c as RFC 3720 section 12.1 words it: one bit after the other. Slow and obvious. */
public final class NaiveCrc32c {
    private NaiveCrc32c() {}

    public static int of(byte[] bytes, int offset, int length) {
        int crc = -1;
        for (int i = offset; i < offset + length; i++) {
            crc ^= bytes[i] & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                boolean low = (crc & 1) != 0;
                crc >>>= 1;
                if (low) {
                    crc ^= 0x82F6_3B78;
                }
            }
        }
        return ~crc;
    }
}
