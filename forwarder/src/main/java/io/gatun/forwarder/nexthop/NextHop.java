package io.gatun.forwarder.nexthop;

/**
 * Where a packet goes next, filled by a lookup of {@link NextHopTable}. Mutable and reused: each belongs to one thread. It
 * means something only after a lookup that returned {@link NextHopTable#FOUND}.
 */
public final class NextHop {
    private int ifindex;
    private long high;
    private long low;
    private long mac = NextHopTable.UNRESOLVED;
    private int mtu;

    /** The link to send on; a VLAN device where the route leads to one. */
    public int ifindex() {
        return ifindex;
    }

    /** First eight bytes of the address whose MAC the frame needs; 0 for IPv4. */
    public long high() {
        return high;
    }

    /** Last eight bytes of the address whose MAC the frame needs; an IPv4 address is the mapped one. */
    public long low() {
        return low;
    }

    /** 48-bit MAC address of the next hop, first byte highest, or {@link NextHopTable#UNRESOLVED}. */
    public long mac() {
        return mac;
    }

    /** Bytes that an IP packet may have on this way: the smaller of the link's MTU and the route's. */
    public int mtu() {
        return mtu;
    }

    void fill(int ifindex, long high, long low, long mac, int mtu) {
        this.ifindex = ifindex;
        this.high = high;
        this.low = low;
        this.mac = mac;
        this.mtu = mtu;
    }
}
