package io.gatun.forwarder.agent;

import java.util.HexFormat;

/** MAC addresses as people read them. */
final class MacText {
    private static final int BYTES = 6;

    private MacText() {}

    /** {@code 02:00:00:00:00:01}; the first byte is the highest of the 48 bits. */
    static String of(long mac) {
        byte[] bytes = new byte[BYTES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (mac >>> (40 - 8 * i));
        }
        return HexFormat.ofDelimiter(":").formatHex(bytes);
    }
}
