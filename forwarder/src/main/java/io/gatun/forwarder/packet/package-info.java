/**
 * Flyweights over off-heap bytes, and the arithmetic of checksums. No policy. IPv4 addresses are ints as read big-endian:
 * 192.168.80.200 is {@code 0xC0A850C8}; IPv6 addresses are two longs. The surprising rule: accessors do not check lengths;
 * the parser of the pipeline has done so before it wraps. {@link io.gatun.forwarder.packet.Ipv6Extensions#walk} and
 * {@link io.gatun.forwarder.packet.TcpOptions} do check, because they find lengths as they go.
 */
package io.gatun.forwarder.packet;
