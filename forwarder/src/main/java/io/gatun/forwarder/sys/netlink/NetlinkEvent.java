package io.gatun.forwarder.sys.netlink;

/** One thing that the kernel said is so, or is no longer so. */
public sealed interface NetlinkEvent permits LinkEvent, AddressEvent, RouteEvent, NeighbourEvent, NexthopEvent {
    /** The thing is gone; the other components say what it was. */
    boolean removed();
}
