package io.gatun.forwarder.sys.netlink;

import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import java.net.InetAddress;

/**
 * Changes to the node's network: each method is one request that the kernel has carried out when it returns. Needs
 * CAP_NET_ADMIN. A refusal is a {@link SysException} that names the request, its object and the kernel's own words, and
 * nothing is half-done. One thread at a time; works in the network namespace of the thread that opened it.
 */
public final class NetworkRequests implements AutoCloseable {
    private static final int RECEIVE_BUFFER_BYTES = 64 * 1024;

    /** struct ifinfomsg: the flag, and which flags to change. */
    private static final int IFF_UP = 1;

    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_AF_SPEC = 26;
    /** Linux 3.4. */
    private static final int IFLA_NUM_TX_QUEUES = 31;

    private static final int IFLA_NUM_RX_QUEUES = 32;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    /** include/uapi/linux/veth.h: the other end's struct ifinfomsg and attributes. */
    private static final int VETH_INFO_PEER = 1;

    private static final int IFLA_INET_CONF = 1;
    /** Linux 3.17. */
    private static final int IFLA_INET6_ADDR_GEN_MODE = 8;

    private static final int IN6_ADDR_GEN_MODE_NONE = 1;

    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    /** Linux 2.6.19: no duplicate address detection. */
    private static final int IFA_F_NODAD = 0x02;

    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_PREFSRC = 7;
    private static final int RTA_METRICS = 8;
    private static final int RTAX_MTU = 2;
    private static final int RT_SCOPE_UNIVERSE = 0;
    private static final int RT_SCOPE_LINK = 253;
    /** Matches routes of every scope. */
    private static final int RT_SCOPE_NOWHERE = 255;

    /** Who made a route, as {@code ip route} shows it: a number that no routing daemon has. */
    private static final int RTPROT_GATUN = 71;

    private static final int NDA_DST = 1;
    private static final int NDA_LLADDR = 2;

    private static final int NEW = Rtnetlink.NLM_F_ACK | Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_EXCL;
    private static final int PUT = Rtnetlink.NLM_F_ACK | Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_REPLACE;

    private final RtnetlinkSocket socket;
    private final EventParser parser = new EventParser();

    /**
     * One end of a veth pair.
     *
     * @param name of the link, at most 15 bytes
     * @param mac 48-bit Ethernet address, first byte highest
     */
    public record VethEnd(String name, long mac) {}

    /** Settings of IPv4 for one link: IPV4_DEVCONF_* of include/uapi/linux/ip.h. */
    public enum Ipv4Setting {
        /** Packets that arrive here may be forwarded. */
        FORWARDING(1),
        /** 0 off, 1 strict, 2 loose (RFC 3704); the higher one of the link's and that of {@code all} counts. */
        RP_FILTER(8);

        private final int number;

        Ipv4Setting(int number) {
            this.number = number;
        }
    }

    private NetworkRequests(RtnetlinkSocket socket) {
        this.socket = socket;
    }

    public static NetworkRequests open(Libc libc) {
        return new NetworkRequests(RtnetlinkSocket.open(libc, RECEIVE_BUFFER_BYTES));
    }

    /**
     * Makes a veth pair with one queue on each side; both ends are down.
     *
     * @param mtu of both ends
     */
    public void addVethPair(VethEnd one, VethEnd other, int mtu) {
        NetlinkRequest request = new NetlinkRequest(
                        Rtnetlink.RTM_NEWLINK, NEW, "RTM_NEWLINK veth " + one.name() + ", " + other.name())
                .zeros(Rtnetlink.LINK_BODY_BYTES);
        end(request, one, mtu)
                .nested(
                        IFLA_LINKINFO,
                        info -> info.attribute(IFLA_INFO_KIND, "veth")
                                .nested(
                                        IFLA_INFO_DATA,
                                        data -> data.nested(
                                                VETH_INFO_PEER,
                                                peer -> end(peer.zeros(Rtnetlink.LINK_BODY_BYTES), other, mtu))));
        send(request);
    }

    public void up(int ifindex) {
        send(link(ifindex, IFF_UP, "up"));
    }

    public void down(int ifindex) {
        send(link(ifindex, 0, "down"));
    }

    /** Deletes a link; the other end of a veth pair goes with it, and so do addresses, routes and neighbours of both. */
    public void deleteLink(int ifindex) {
        String what = "RTM_DELLINK ifindex " + ifindex;
        send(new NetlinkRequest(Rtnetlink.RTM_DELLINK, Rtnetlink.NLM_F_ACK, what)
                .zeros(4)
                .u32(ifindex)
                .zeros(8));
    }

    /** Sets what /proc/sys/net/ipv4/conf has for a link, also where that is mounted read-only. */
    public void set(int ifindex, Ipv4Setting setting, int value) {
        String what = "RTM_SETLINK ifindex %d ipv4 %s=%d".formatted(ifindex, setting, value);
        send(setLink(ifindex, what)
                .nested(
                        IFLA_AF_SPEC,
                        families -> families.nested(
                                Rtnetlink.AF_INET,
                                inet -> inet.nested(IFLA_INET_CONF, conf -> conf.attribute(setting.number, value)))));
    }

    /**
     * Keeps the kernel from making up IPv6 addresses for a link, link-local ones included; without them it neither
     * checks for duplicates nor solicits routers.
     *
     * @throws SysException EAFNOSUPPORT where the kernel or the link has no IPv6
     */
    public void generateNoIpv6Addresses(int ifindex) {
        byte[] none = {IN6_ADDR_GEN_MODE_NONE};
        send(setLink(ifindex, "RTM_SETLINK ifindex " + ifindex + " ipv6 addrgenmode none")
                .nested(
                        IFLA_AF_SPEC,
                        families -> families.nested(
                                Rtnetlink.AF_INET6, inet6 -> inet6.attribute(IFLA_INET6_ADDR_GEN_MODE, none))));
    }

    /** Adds an address; one of IPv6 is usable at once, without duplicate address detection. */
    public void addAddress(int ifindex, InetAddress address, int prefixLength) {
        address(Rtnetlink.RTM_NEWADDR, NEW, ifindex, address, prefixLength);
    }

    public void deleteAddress(int ifindex, InetAddress address, int prefixLength) {
        address(Rtnetlink.RTM_DELADDR, Rtnetlink.NLM_F_ACK, ifindex, address, prefixLength);
    }

    /** Adds a route. @throws SysException EEXIST when there is one to the same prefix */
    public void addRoute(RouteSpec route) {
        send(unicast(route, NEW));
    }

    /** Adds a route, in the place of one to the same prefix. */
    public void replaceRoute(RouteSpec route) {
        send(unicast(route, PUT));
    }

    /** Deletes the route to this prefix on this link. @throws SysException ESRCH when there is none */
    public void deleteRoute(InetAddress destination, int prefixLength, int ifindex) {
        RouteSpec route = RouteSpec.network(destination, prefixLength, ifindex);
        int anyType = 0;
        send(route(Rtnetlink.RTM_DELROUTE, Rtnetlink.NLM_F_ACK, route, 0, RT_SCOPE_NOWHERE, anyType));
    }

    /** Puts a neighbour that neither ages nor is asked for. */
    public void putPermanentNeighbour(int ifindex, InetAddress address, long mac) {
        send(neighbour(Rtnetlink.RTM_NEWNEIGH, PUT, ifindex, address, NeighbourEvent.NUD_PERMANENT)
                .mac(NDA_LLADDR, mac));
    }

    public void deleteNeighbour(int ifindex, InetAddress address) {
        send(neighbour(Rtnetlink.RTM_DELNEIGH, Rtnetlink.NLM_F_ACK, ifindex, address, 0));
    }

    @Override
    public void close() {
        socket.close();
    }

    private void send(NetlinkRequest request) {
        socket.request(request, parser);
    }

    private static NetlinkRequest end(NetlinkRequest request, VethEnd end, int mtu) {
        return request.attribute(IFLA_IFNAME, end.name())
                .mac(IFLA_ADDRESS, end.mac())
                .attribute(IFLA_MTU, mtu)
                .attribute(IFLA_NUM_TX_QUEUES, 1)
                .attribute(IFLA_NUM_RX_QUEUES, 1);
    }

    private static NetlinkRequest link(int ifindex, int flags, String state) {
        String what = "RTM_SETLINK ifindex " + ifindex + " " + state;
        return new NetlinkRequest(Rtnetlink.RTM_SETLINK, Rtnetlink.NLM_F_ACK, what)
                .zeros(4)
                .u32(ifindex)
                .u32(flags)
                .u32(IFF_UP);
    }

    private static NetlinkRequest setLink(int ifindex, String what) {
        return new NetlinkRequest(Rtnetlink.RTM_SETLINK, Rtnetlink.NLM_F_ACK, what)
                .zeros(4)
                .u32(ifindex)
                .zeros(8);
    }

    private void address(int type, int flags, int ifindex, InetAddress address, int prefixLength) {
        String what = "%s %s/%d ifindex %d"
                .formatted(
                        type == Rtnetlink.RTM_NEWADDR ? "RTM_NEWADDR" : "RTM_DELADDR",
                        address.getHostAddress(),
                        prefixLength,
                        ifindex);
        int family = NetlinkRequest.family(address);
        send(new NetlinkRequest(type, flags, what)
                .u8(family)
                .u8(prefixLength)
                .u8(family == Rtnetlink.AF_INET6 ? IFA_F_NODAD : 0)
                .u8(RT_SCOPE_UNIVERSE)
                .u32(ifindex)
                .attribute(IFA_LOCAL, address)
                .attribute(IFA_ADDRESS, address));
    }

    private static NetlinkRequest unicast(RouteSpec route, int flags) {
        boolean onLink = route.gateway() == null && NetlinkRequest.family(route.destination()) == Rtnetlink.AF_INET;
        int scope = onLink ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
        NetlinkRequest request = route(Rtnetlink.RTM_NEWROUTE, flags, route, RTPROT_GATUN, scope, RouteEvent.UNICAST);
        if (route.gateway() != null) {
            request.attribute(RTA_GATEWAY, route.gateway());
        }
        if (route.preferredSource() != null) {
            request.attribute(RTA_PREFSRC, route.preferredSource());
        }
        if (route.mtu() != 0) {
            request.nested(RTA_METRICS, metrics -> metrics.attribute(RTAX_MTU, route.mtu()));
        }
        return request;
    }

    private static NetlinkRequest route(int type, int flags, RouteSpec route, int protocol, int scope, int routeType) {
        String verb = type == Rtnetlink.RTM_NEWROUTE ? "RTM_NEWROUTE " : "RTM_DELROUTE ";
        int sourceLength = 0;
        int tos = 0;
        int routeFlags = 0;
        return new NetlinkRequest(type, flags, verb + route)
                .u8(NetlinkRequest.family(route.destination()))
                .u8(route.prefixLength())
                .u8(sourceLength)
                .u8(tos)
                .u8(RouteEvent.TABLE_MAIN)
                .u8(protocol)
                .u8(scope)
                .u8(routeType)
                .u32(routeFlags)
                .attribute(RTA_DST, route.destination())
                .attribute(RTA_OIF, route.ifindex());
    }

    private static NetlinkRequest neighbour(int type, int flags, int ifindex, InetAddress address, int state) {
        String verb = type == Rtnetlink.RTM_NEWNEIGH ? "RTM_NEWNEIGH " : "RTM_DELNEIGH ";
        int neighbourFlags = 0;
        int neighbourType = 0;
        return new NetlinkRequest(type, flags, verb + address.getHostAddress() + " ifindex " + ifindex)
                .u8(NetlinkRequest.family(address))
                .zeros(3)
                .u32(ifindex)
                .u16(state)
                .u8(neighbourFlags)
                .u8(neighbourType)
                .attribute(NDA_DST, address);
    }
}
