package io.gatun.forwarder.sys.netlink;

import java.net.InetAddress;

/**
 * An entry of the neighbour (ARP, NDP) table (RTM_NEWNEIGH, RTM_DELNEIGH).
 *
 * @param ifindex link on which the neighbour is
 * @param address its network address
 * @param mac 48-bit Ethernet address, first byte highest; -1 while unknown
 * @param state NUD_* of include/uapi/linux/neighbour.h
 * @param removed the entry is gone
 */
public record NeighbourEvent(int ifindex, InetAddress address, long mac, int state, boolean removed)
        implements NetlinkEvent {
    public static final int NUD_INCOMPLETE = 0x01;
    public static final int NUD_REACHABLE = 0x02;
    public static final int NUD_STALE = 0x04;
    public static final int NUD_DELAY = 0x08;
    public static final int NUD_PROBE = 0x10;
    public static final int NUD_FAILED = 0x20;
    public static final int NUD_NOARP = 0x40;
    public static final int NUD_PERMANENT = 0x80;

    private static final int NUD_VALID = NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_NOARP | NUD_PERMANENT;

    /** The MAC address may be used: the kernel itself would. */
    public boolean resolved() {
        return (state & NUD_VALID) != 0 && mac >= 0;
    }
}
