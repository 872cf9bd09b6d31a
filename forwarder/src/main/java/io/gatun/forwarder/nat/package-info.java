/**
 * Rewriting addresses, ports and checksums in place, and the space of source ports. Owner thread: the forwarder agent of
 * the frame. The surprising rule: a frame from a local stack carries only the pseudo-header's sum in its checksum field,
 * which is told apart per packet, see {@link io.gatun.forwarder.nat.Rewriter}.
 */
package io.gatun.forwarder.nat;
