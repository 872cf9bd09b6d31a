package io.gatun.forwarder.sys.netlink;

/** Numbers of include/uapi/linux/netlink.h and rtnetlink.h; older than Linux 3.0 where nothing else is said. */
public final class Rtnetlink {
    public static final int NLMSG_NOOP = 1;
    public static final int NLMSG_ERROR = 2;
    public static final int NLMSG_DONE = 3;

    public static final int RTM_NEWLINK = 16;
    public static final int RTM_DELLINK = 17;
    public static final int RTM_GETLINK = 18;
    public static final int RTM_SETLINK = 19;
    public static final int RTM_NEWADDR = 20;
    public static final int RTM_DELADDR = 21;
    public static final int RTM_GETADDR = 22;
    public static final int RTM_NEWROUTE = 24;
    public static final int RTM_DELROUTE = 25;
    public static final int RTM_GETROUTE = 26;
    public static final int RTM_NEWNEIGH = 28;
    public static final int RTM_DELNEIGH = 29;
    public static final int RTM_GETNEIGH = 30;
    /** Linux 5.3. */
    public static final int RTM_NEWNEXTHOP = 104;

    public static final int RTM_DELNEXTHOP = 105;

    public static final int NLM_F_REQUEST = 0x1;
    /** One of several messages that answer a dump. */
    public static final int NLM_F_MULTI = 0x2;

    public static final int NLM_F_ACK = 0x4;
    /** Linux 3.15: the dump was overtaken by a change and may miss or repeat entries. */
    public static final int NLM_F_DUMP_INTR = 0x10;

    public static final int NLM_F_DUMP = 0x300;
    public static final int NLM_F_REPLACE = 0x100;
    /** A request fails when the object is there already. */
    public static final int NLM_F_EXCL = 0x200;

    public static final int NLM_F_CREATE = 0x400;
    public static final int NLM_F_APPEND = 0x800;
    /** Linux 4.12: the error message does not repeat the request's payload. */
    public static final int NLM_F_CAPPED = 0x100;
    /** Linux 4.12: attributes with the kernel's own words follow the error. */
    public static final int NLM_F_ACK_TLVS = 0x200;

    public static final int RTNLGRP_LINK = 1;
    public static final int RTNLGRP_NEIGH = 3;
    public static final int RTNLGRP_IPV4_IFADDR = 5;
    public static final int RTNLGRP_IPV4_ROUTE = 7;
    public static final int RTNLGRP_IPV6_IFADDR = 9;
    public static final int RTNLGRP_IPV6_ROUTE = 11;
    /** Linux 5.3. */
    public static final int RTNLGRP_NEXTHOP = 32;

    public static final int AF_UNSPEC = 0;
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;

    /** Bytes of struct nlmsghdr. */
    static final int HEADER_BYTES = 16;

    /** Bytes of struct ifinfomsg, ifaddrmsg, rtmsg, ndmsg and nhmsg. */
    static final int LINK_BODY_BYTES = 16;

    static final int ADDRESS_BODY_BYTES = 8;
    static final int ROUTE_BODY_BYTES = 12;
    static final int NEIGHBOUR_BODY_BYTES = 12;
    static final int NEXTHOP_BODY_BYTES = 8;

    private Rtnetlink() {}

    /** Length rounded up to the four bytes on which messages and attributes start. */
    static int align(int length) {
        return (length + 3) & ~3;
    }
}
