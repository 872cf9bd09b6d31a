package io.gatun.forwarder.sys.netlink;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/** struct rtmsg, RTA_* attributes and struct rtnexthop, include/uapi/linux/rtnetlink.h. */
final class RouteParser {
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_PRIORITY = 6;
    private static final int RTA_PREFSRC = 7;
    private static final int RTA_METRICS = 8;
    private static final int RTAX_MTU = 2;
    private static final int RTA_MULTIPATH = 9;
    private static final int RTA_TABLE = 15;
    /** Linux 4.1: a gateway of another family than the destination. */
    private static final int RTA_VIA = 18;

    /** An entry of the route cache, not of a table. */
    private static final int RTM_F_CLONED = 0x200;
    /** struct rtnexthop: length u16, flags u8, weight u8, ifindex s32; then attributes. */
    private static final int RTNEXTHOP_BYTES = 8;

    private final ByteBuffer buffer;
    private final int family;
    private final int body;
    private int table;
    private InetAddress destination;
    private InetAddress gateway;
    private InetAddress preferredSource;
    private int outIfindex;
    private int priority;
    private int mtu;
    private int nexthops = 1;

    private RouteParser(MessageCursor message) {
        buffer = message.buffer();
        body = message.body(Rtnetlink.ROUTE_BODY_BYTES);
        family = buffer.get(body);
    }

    /** The event, or null for families other than IPv4 and IPv6 and for cached routes. */
    static RouteEvent parse(MessageCursor message) {
        RouteParser parser = new RouteParser(message);
        boolean ip = parser.family == Rtnetlink.AF_INET || parser.family == Rtnetlink.AF_INET6;
        boolean cloned = (parser.buffer.getInt(parser.body + 8) & RTM_F_CLONED) != 0;
        return ip && !cloned ? parser.route(message) : null;
    }

    private RouteEvent route(MessageCursor message) {
        int prefixLength = Prefix.require(family, Byte.toUnsignedInt(buffer.get(body + 1)));
        int tos = Byte.toUnsignedInt(buffer.get(body + 3));
        int type = Byte.toUnsignedInt(buffer.get(body + 7));
        table = Byte.toUnsignedInt(buffer.get(body + 4));
        destination = Prefix.any(family);
        AttributeCursor attribute = AttributeCursor.after(message, Rtnetlink.ROUTE_BODY_BYTES);
        while (attribute.next()) {
            onAttribute(attribute);
        }
        boolean removed = message.type() == Rtnetlink.RTM_DELROUTE;
        return new RouteEvent(
                table,
                destination,
                prefixLength,
                tos,
                gateway,
                outIfindex,
                priority,
                type,
                preferredSource,
                mtu,
                nexthops,
                removed);
    }

    private void onAttribute(AttributeCursor attribute) {
        switch (attribute.type()) {
            case RTA_DST -> destination = attribute.address(family);
            case RTA_OIF -> outIfindex = attribute.u32();
            case RTA_GATEWAY -> gateway = attribute.address(family);
            case RTA_VIA -> gateway = attribute.via();
            case RTA_PRIORITY -> priority = attribute.u32();
            case RTA_PREFSRC -> preferredSource = attribute.address(family);
            case RTA_TABLE -> table = attribute.u32();
            case RTA_METRICS -> onMetrics(attribute.nested(0));
            case RTA_MULTIPATH -> onNexthops(attribute);
            default -> {}
        }
    }

    private void onMetrics(AttributeCursor metric) {
        while (metric.next()) {
            if (metric.type() == RTAX_MTU) {
                mtu = metric.u32();
            }
        }
    }

    /** Counts the next hops and takes the first. */
    private void onNexthops(AttributeCursor multipath) {
        int offset = multipath.valueOffset();
        int end = offset + multipath.valueLength();
        nexthops = 0;
        while (offset < end) {
            int left = end - offset;
            int length = left < RTNEXTHOP_BYTES ? left : Short.toUnsignedInt(buffer.getShort(offset));
            if (length < RTNEXTHOP_BYTES || length > left) {
                throw new MalformedException("rtnh_len=" + length + " with " + left + " bytes left");
            }
            if (nexthops++ == 0) {
                outIfindex = buffer.getInt(offset + 4);
                onFirstNexthop(new AttributeCursor(buffer, offset + RTNEXTHOP_BYTES, offset + length));
            }
            offset += Math.min(Rtnetlink.align(length), left);
        }
    }

    private void onFirstNexthop(AttributeCursor attribute) {
        while (attribute.next()) {
            switch (attribute.type()) {
                case RTA_GATEWAY -> gateway = attribute.address(family);
                case RTA_VIA -> gateway = attribute.via();
                default -> {}
            }
        }
    }
}
