package io.gatun.forwarder.conntrack;

/** Addresses and ports as people write them; control plane only. */
final class Tuples {
    private Tuples() {}

    static String format(int address, int port) {
        return (address >>> 24) + "." + ((address >>> 16) & 0xFF) + "." + ((address >>> 8) & 0xFF) + "."
                + (address & 0xFF) + ":" + port;
    }

    /** {@code [2001:db8:0:0:0:0:0:1]:80}: RFC 4291, 2.2, form 1. */
    static String format(long high, long low, int port) {
        final StringBuilder text = new StringBuilder("[");
        for (int group = 0; group < 8; group++) {
            final long half = group < 4 ? high : low;
            final int shift = 48 - 16 * (group & 3);
            text.append(group == 0 ? "" : ":").append(Long.toHexString((half >>> shift) & 0xFFFF));
        }
        return text.append("]:").append(port).toString();
    }
}
