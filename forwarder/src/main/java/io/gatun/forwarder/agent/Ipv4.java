package io.gatun.forwarder.agent;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** IPv4 addresses between the control plane's objects and the packet path's ints. */
final class Ipv4 {
    private Ipv4() {}

    /** As read big-endian: 192.168.80.200 is {@code 0xC0A850C8}. */
    static int toInt(Inet4Address address) {
        return address.hashCode(); // documented by Inet4Address to be just that
    }

    static Inet4Address toAddress(int address) {
        byte[] bytes = {(byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address};
        try {
            return (Inet4Address) InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an IPv4 address", e);
        }
    }

    /** Whether two addresses share their first {@code prefixLength} bits. */
    static boolean sameSubnet(int a, int b, int prefixLength) {
        return prefixLength == 0 || (a ^ b) >>> (32 - prefixLength) == 0;
    }
}
