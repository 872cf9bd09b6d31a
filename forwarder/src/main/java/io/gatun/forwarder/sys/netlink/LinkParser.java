package io.gatun.forwarder.sys.netlink;

import java.nio.ByteBuffer;

/** struct ifinfomsg and IFLA_* attributes, include/uapi/linux/rtnetlink.h and if_link.h. */
final class LinkParser {
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_LINK = 5;
    private static final int IFLA_MASTER = 10;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_NUM_TX_QUEUES = 31;
    private static final int IFLA_NUM_RX_QUEUES = 32;
    private static final int IFLA_INFO_KIND = 1;
    private static final int KIND_BYTES_MAX = 64;

    private LinkParser() {}

    /**
     * The event, or null for messages of other families: a bridge says RTM_DELLINK with AF_BRIDGE when a port leaves it,
     * and the link lives on.
     */
    static LinkEvent parse(MessageCursor message) {
        int body = message.body(Rtnetlink.LINK_BODY_BYTES);
        ByteBuffer buffer = message.buffer();
        if (buffer.get(body) != Rtnetlink.AF_UNSPEC) {
            return null;
        }
        int index = buffer.getInt(body + 4);
        int flags = buffer.getInt(body + 8);
        String name = "";
        String kind = "";
        long mac = AttributeCursor.NO_MAC;
        int mtu = 0;
        int master = 0;
        int peer = 0;
        int txQueues = 1;
        int rxQueues = 1;
        AttributeCursor attribute = AttributeCursor.after(message, Rtnetlink.LINK_BODY_BYTES);
        while (attribute.next()) {
            switch (attribute.type()) {
                case IFLA_ADDRESS -> mac = attribute.mac();
                case IFLA_IFNAME -> name = attribute.interfaceName();
                case IFLA_MTU -> mtu = attribute.u32();
                case IFLA_LINK -> peer = attribute.u32();
                case IFLA_MASTER -> master = attribute.u32();
                case IFLA_LINKINFO -> kind = kind(attribute.nested(0));
                case IFLA_NUM_TX_QUEUES -> txQueues = attribute.u32();
                case IFLA_NUM_RX_QUEUES -> rxQueues = attribute.u32();
                default -> {}
            }
        }
        if (index <= 0 || name.isEmpty()) {
            throw new MalformedException("link with ifindex=" + index + " and name '" + name + "'");
        }
        boolean removed = message.type() == Rtnetlink.RTM_DELLINK;
        return new LinkEvent(index, name, mac, mtu, flags, master, peer, kind, rxQueues, txQueues, removed);
    }

    private static String kind(AttributeCursor attribute) {
        String kind = "";
        while (attribute.next()) {
            if (attribute.type() == IFLA_INFO_KIND) {
                kind = attribute.string(KIND_BYTES_MAX);
            }
        }
        return kind;
    }
}
