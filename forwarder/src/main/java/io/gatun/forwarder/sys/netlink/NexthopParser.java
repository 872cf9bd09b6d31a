package io.gatun.forwarder.sys.netlink;

/** struct nhmsg and NHA_ID, include/uapi/linux/nexthop.h (Linux 5.3). */
final class NexthopParser {
    private static final int NHA_ID = 1;

    private NexthopParser() {}

    static NexthopEvent parse(MessageCursor message) {
        int id = 0;
        AttributeCursor attribute = AttributeCursor.after(message, Rtnetlink.NEXTHOP_BODY_BYTES);
        while (attribute.next()) {
            if (attribute.type() == NHA_ID) {
                id = attribute.u32();
            }
        }
        return new NexthopEvent(id, message.type() == Rtnetlink.RTM_DELNEXTHOP);
    }
}
