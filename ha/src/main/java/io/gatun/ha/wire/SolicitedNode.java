package io.gatun.ha.wire;

/**
 * The group on which a host is asked for one of its addresses: ff02::1:ff and the address's last 24 bits (RFC 4291
 * section 2.7.1). Addresses that end alike share it.
 */
public final class SolicitedNode {
    private static final long HIGH = 0xff02_0000_0000_0000L;
    private static final long LOW = 0x0000_0001_ff00_0000L;
    private static final long SUFFIX_MASK = 0xff_ffffL;

    private SolicitedNode() {}

    /** The group of an IPv6 address. */
    public static IpAddress group(IpAddress address) {
        return new IpAddress(HIGH, LOW | (address.low() & SUFFIX_MASK));
    }

    /** Whether this is such a group, of whatever address. */
    public static boolean isGroup(long high, long low) {
        return high == HIGH && (low & ~SUFFIX_MASK) == LOW;
    }
}
