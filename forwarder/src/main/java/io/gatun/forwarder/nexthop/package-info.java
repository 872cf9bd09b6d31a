/**
 * Where a packet goes next: an immutable snapshot of routes, neighbours and links for the packet path, rebuilt by its
 * owner when the network changes and read by any thread. Pure: numbers in, numbers out.
 *
 * <p>The surprising rule: an IPv4 address is an int read big-endian, so 192.168.80.200 is 0xC0A850C8, as the flyweights
 * read it from a header; an IPv6 address is two longs read the same way, and where one place holds both families an IPv4
 * address is the mapped one.
 */
package io.gatun.forwarder.nexthop;
