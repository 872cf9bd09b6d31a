package io.gatun.lab;

import java.io.InputStream;

/** A given number of bytes that look random and are the same every time (xorshift64, G. Marsaglia, 2003). */
public final class PseudoRandomStream extends InputStream {
    private static final long SEED = 0x9e3779b97f4a7c15L;

    private long left;
    private long state = SEED;
    private int unused;

    /** @param length in bytes; a shorter stream is the beginning of a longer one */
    public PseudoRandomStream(long length) {
        this.left = length;
    }

    @Override
    public int read() {
        if (left <= 0) {
            return -1;
        }
        left--;
        return next() & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        if (left <= 0) {
            return length == 0 ? 0 : -1;
        }
        int count = (int) Math.min(left, length);
        for (int i = 0; i < count; i++) {
            bytes[offset + i] = next();
        }
        left -= count;
        return count;
    }

    private byte next() {
        if (unused == 0) {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
            unused = Long.BYTES;
        }
        unused--;
        return (byte) (state >>> (unused * 8));
    }
}
