package io.gatun.forwarder.sys.netlink;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Prefix lengths and the unspecified addresses of both families. */
final class Prefix {
    private Prefix() {}

    static int require(int family, int prefixLength) {
        if (prefixLength > 8 * AttributeCursor.addressBytes(family)) {
            throw new MalformedException("prefix length " + prefixLength + " of family " + family);
        }
        return prefixLength;
    }

    /** 0.0.0.0 or ::, what a route without RTA_DST leads to. */
    static InetAddress any(int family) {
        try {
            return InetAddress.getByAddress(new byte[AttributeCursor.addressBytes(family)]);
        } catch (UnknownHostException e) {
            throw new AssertionError("the length is right", e);
        }
    }
}
