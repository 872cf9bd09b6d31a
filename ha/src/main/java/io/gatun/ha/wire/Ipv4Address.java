package io.gatun.ha.wire;

import java.net.Inet4Address;

/** IPv4 addresses as the big-endian number that stands on the wire. */
public final class Ipv4Address {
    /** 0.0.0.0: the sender of an ARP probe (RFC 5227 section 1.1). */
    public static final int ANY = 0;

    private Ipv4Address() {}

    /** {@code 192.168.80.200} becomes {@code 0xc0a850c8}. */
    public static int toInt(Inet4Address address) {
        byte[] bytes = address.getAddress();
        return (bytes[0] & 0xff) << 24 | (bytes[1] & 0xff) << 16 | (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
    }

    /** {@code 0xc0a850c8} becomes {@code 192.168.80.200}. */
    public static String toString(int address) {
        return (address >>> 24) + "." + ((address >>> 16) & 0xff) + "." + ((address >>> 8) & 0xff) + "."
                + (address & 0xff);
    }
}
