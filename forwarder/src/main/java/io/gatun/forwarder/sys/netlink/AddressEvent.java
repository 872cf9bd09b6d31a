package io.gatun.forwarder.sys.netlink;

import java.net.InetAddress;

/**
 * An address of an interface (RTM_NEWADDR, RTM_DELADDR).
 *
 * @param ifindex interface that holds it
 * @param address the node's own address
 * @param prefixLength bits of its subnet
 * @param scope RT_SCOPE_*: 0 everywhere, 253 this link, 254 this host
 * @param flags IFA_F_* of include/uapi/linux/if_addr.h: 0x01 secondary, 0x40 tentative
 * @param removed the address is gone
 */
public record AddressEvent(int ifindex, InetAddress address, int prefixLength, int scope, int flags, boolean removed)
        implements NetlinkEvent {}
