package io.gatun.forwarder.conntrack;

/** IPv4 addresses and ports as people write them; control plane only. */
final class Tuples {
    private Tuples() {}

    static String format(int address, int port) {
        return (address >>> 24) + "." + ((address >>> 16) & 0xFF) + "." + ((address >>> 8) & 0xFF) + "."
                + (address & 0xFF) + ":" + port;
    }
}
