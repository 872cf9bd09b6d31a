package io.gatun.forwarder.nexthop;

/**
 * A route of either family while a table is built.
 *
 * @param verdict {@link NextHopTable#FOUND}, or what a lookup that ends here answers
 * @param ifindex link to send on, 0 with another verdict
 * @param gatewayHigh first half of the gateway's address
 * @param gatewayLow second half; both are 0 where destinations are on the link
 * @param mtu the route's own MTU, 0 for the link's
 * @param metric unsigned in 32 bits, lower wins; -1 beats all
 */
record RouteDraft(int verdict, int ifindex, long gatewayHigh, long gatewayLow, int mtu, long metric) {
    static RouteDraft via(int ifindex, long gatewayHigh, long gatewayLow, int mtu, int metric) {
        if (ifindex <= 0) {
            throw new IllegalArgumentException("ifindex=" + ifindex + ", give that of a link (1 or more)");
        }
        return new RouteDraft(
                NextHopTable.FOUND, ifindex, gatewayHigh, gatewayLow, mtu, Integer.toUnsignedLong(metric));
    }

    static RouteDraft unreachable(int metric) {
        return new RouteDraft((int) NextHopTable.UNREACHABLE, 0, 0, 0, 0, Integer.toUnsignedLong(metric));
    }

    static RouteDraft local() {
        return new RouteDraft((int) NextHopTable.LOCAL, 0, 0, 0, 0, -1);
    }

    /** The one that counts: the lower metric, among equals the first given. */
    static RouteDraft better(RouteDraft old, RouteDraft added) {
        return added.metric < old.metric ? added : old;
    }

    /** What {@link NextHopTable#nextHopFor} answers, which knows IPv4 gateways only. */
    long packed() {
        if (verdict != NextHopTable.FOUND) {
            return verdict;
        }
        boolean onLink = gatewayHigh == 0 && gatewayLow == 0;
        if (onLink || NextHopTable.isMapped(gatewayHigh, gatewayLow)) {
            return NextHopTable.nextHop(ifindex, (int) gatewayLow);
        }
        return NextHopTable.UNREACHABLE;
    }
}
