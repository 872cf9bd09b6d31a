package io.gatun.forwarder.sys.netlink;

/**
 * A nexthop object, to which routes refer (RTM_NEWNEXTHOP, RTM_DELNEXTHOP, Linux 5.3). The routes that change with it
 * are not announced, so they have to be read anew.
 *
 * @param id the object's number
 * @param removed the object is gone
 */
public record NexthopEvent(int id, boolean removed) implements NetlinkEvent {}
