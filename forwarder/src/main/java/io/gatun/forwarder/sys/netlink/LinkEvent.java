package io.gatun.forwarder.sys.netlink;

/**
 * A network interface (RTM_NEWLINK, RTM_DELLINK).
 *
 * @param index ifindex, 1 or more
 * @param name such as {@code eth0}
 * @param mac 48-bit Ethernet address, first byte highest; -1 where the link has none
 * @param mtu bytes of a packet without its Ethernet header
 * @param flags IFF_* of include/uapi/linux/if.h
 * @param master ifindex of the bridge or bond it belongs to, 0 for none
 * @param peer ifindex of the other end or lower device (IFLA_LINK), 0 for none
 * @param kind driver kind such as {@code veth} or {@code bridge}, empty for hardware
 * @param vid VLAN id of an 802.1Q device whose lower device is {@code peer}, 0 for every other link
 * @param rxQueues receive queues allocated, 1 or more
 * @param txQueues transmit queues allocated, 1 or more
 * @param removed the interface is gone
 */
public record LinkEvent(
        int index,
        String name,
        long mac,
        int mtu,
        int flags,
        int master,
        int peer,
        String kind,
        int vid,
        int rxQueues,
        int txQueues,
        boolean removed)
        implements NetlinkEvent {
    private static final int IFF_UP = 0x1;
    private static final int IFF_LOOPBACK = 0x8;
    private static final int IFF_RUNNING = 0x40;

    /** The administrator switched it on. */
    public boolean enabled() {
        return (flags & IFF_UP) != 0;
    }

    /** It can carry packets: switched on and operationally up (RFC 2863), so with carrier. */
    public boolean up() {
        return enabled() && (flags & IFF_RUNNING) != 0;
    }

    /** It stands for one VLAN of the link {@code peer}, on which the tagged frames arrive. */
    public boolean vlan() {
        return vid != 0;
    }

    public boolean loopback() {
        return (flags & IFF_LOOPBACK) != 0;
    }
}
