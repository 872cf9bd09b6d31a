/**
 * Where a packet goes next: an immutable snapshot of routes and neighbours for the packet path, rebuilt by its owner when
 * the network changes and read by any thread. Pure: numbers in, numbers out.
 *
 * <p>The surprising rule: an IPv4 address is an int read big-endian, so 192.168.80.200 is 0xC0A850C8, as the flyweights
 * read it from a header.
 */
package io.gatun.forwarder.nexthop;
