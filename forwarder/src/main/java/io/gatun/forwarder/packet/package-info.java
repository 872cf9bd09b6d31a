/**
 * Headers as flyweights over off-heap bytes, and the arithmetic of checksums. No policy. Addresses are ints as read
 * big-endian: 192.168.80.200 is {@code 0xC0A850C8}. The surprising rule: accessors do not check lengths; the parser of
 * the pipeline has done so before it wraps.
 */
package io.gatun.forwarder.packet;
