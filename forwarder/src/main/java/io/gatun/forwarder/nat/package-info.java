/**
 * Rewriting headers in place, within an address family and from one to the other, and the space of source ports. Owner
 * thread: the forwarder agent of the frame. The surprising rules: a frame from a local stack carries only the
 * pseudo-header's sum in its checksum field, see {@link io.gatun.forwarder.nat.Checksums}; and where headers become longer
 * or shorter the frame starts elsewhere afterwards, docs/adr/0013-translation.md.
 */
package io.gatun.forwarder.nat;
