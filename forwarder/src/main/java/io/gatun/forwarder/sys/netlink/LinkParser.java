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
    /** Linux 4.0: the ifindex of IFLA_LINK belongs to another network namespace. */
    private static final int IFLA_LINK_NETNSID = 37;

    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int IFLA_VLAN_ID = 1;
    /** Linux 3.10: the EtherType of the tag, big-endian. */
    private static final int IFLA_VLAN_PROTOCOL = 5;

    private static final int ETH_P_8021Q = 0x8100;
    private static final int KIND_BYTES_MAX = 64;

    private String kind = "";
    private int vid;
    private boolean parentElsewhere;

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
        LinkParser driver = new LinkParser();
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
                case IFLA_LINKINFO -> driver.onLinkInfo(attribute.nested(0));
                case IFLA_LINK_NETNSID -> driver.parentElsewhere = true;
                case IFLA_NUM_TX_QUEUES -> txQueues = attribute.u32();
                case IFLA_NUM_RX_QUEUES -> rxQueues = attribute.u32();
                default -> {}
            }
        }
        if (index <= 0 || name.isEmpty()) {
            throw new MalformedException("link with ifindex=" + index + " and name '" + name + "'");
        }
        boolean removed = message.type() == Rtnetlink.RTM_DELLINK;
        return new LinkEvent(
                index, name, mac, mtu, flags, master, peer, driver.kind, driver.vid(), rxQueues, txQueues, removed);
    }

    private void onLinkInfo(AttributeCursor attribute) {
        while (attribute.next()) {
            switch (attribute.type()) {
                case IFLA_INFO_KIND -> kind = attribute.string(KIND_BYTES_MAX);
                // The kind comes first; what the data mean depends on it.
                case IFLA_INFO_DATA -> vid = kind.equals("vlan") ? vlanId(attribute.nested(0)) : 0;
                default -> {}
            }
        }
    }

    /** A VLAN of a link that is not in this namespace cannot be served by way of that link. */
    private int vid() {
        return parentElsewhere ? 0 : vid;
    }

    /** 0 for tags of other protocols (802.1ad). */
    private static int vlanId(AttributeCursor attribute) {
        int id = 0;
        int protocol = ETH_P_8021Q;
        while (attribute.next()) {
            switch (attribute.type()) {
                case IFLA_VLAN_ID -> id = attribute.u16();
                case IFLA_VLAN_PROTOCOL -> protocol = attribute.u16BigEndian();
                default -> {}
            }
        }
        return protocol == ETH_P_8021Q ? id : 0;
    }
}
