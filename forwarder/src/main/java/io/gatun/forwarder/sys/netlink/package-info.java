/**
 * rtnetlink (RFC 3549, rtnetlink(7)): what the kernel knows of links, addresses, routes and neighbours, told as it
 * changes. {@link io.gatun.forwarder.sys.netlink.NetworkState} is the mirror that others ask; it belongs to one thread,
 * which polls it.
 *
 * <p>The surprising rule: the kernel does not announce every change. IPv4 routes that vanish because their link went
 * down or their source address was removed go without a message, so the mirror reads the routes anew after such an event.
 */
package io.gatun.forwarder.sys.netlink;
