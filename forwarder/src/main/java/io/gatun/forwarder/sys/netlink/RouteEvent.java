package io.gatun.forwarder.sys.netlink;

import java.net.InetAddress;

/**
 * A route (RTM_NEWROUTE, RTM_DELROUTE).
 *
 * @param table {@link #TABLE_MAIN}, {@link #TABLE_LOCAL} or another
 * @param destination network address, 0.0.0.0 or :: for the default route
 * @param prefixLength bits of the destination that count
 * @param tos type of service that it is limited to, 0 for all
 * @param gateway next hop, null where the destination itself is on the link
 * @param outIfindex link to send on, 0 where there is none (unreachable, blackhole)
 * @param priority metric, lower wins
 * @param type RTN_* of include/uapi/linux/rtnetlink.h
 * @param preferredSource source address for the node's own packets, null where unset
 * @param mtu the route's own MTU in bytes (RTAX_MTU), 0 where the link's counts
 * @param nexthops how many next hops it has; with more than one, gateway and outIfindex are those of the first
 * @param removed the route is gone
 */
public record RouteEvent(
        int table,
        InetAddress destination,
        int prefixLength,
        int tos,
        InetAddress gateway,
        int outIfindex,
        int priority,
        int type,
        InetAddress preferredSource,
        int mtu,
        int nexthops,
        boolean removed)
        implements NetlinkEvent {
    public static final int TABLE_MAIN = 254;
    public static final int TABLE_LOCAL = 255;

    public static final int UNICAST = 1;
    public static final int LOCAL = 2;
    public static final int BROADCAST = 3;
    public static final int MULTICAST = 5;
    public static final int BLACKHOLE = 6;
    public static final int UNREACHABLE = 7;
    public static final int PROHIBIT = 8;

    /** What identifies a route to the kernel, apart from its next hops. */
    record Key(int table, InetAddress destination, int prefixLength, int tos, int priority) {}

    Key key() {
        return new Key(table, destination, prefixLength, tos, priority);
    }

    /** Only the first next hop is told here. */
    public boolean multipath() {
        return nexthops > 1;
    }
}
