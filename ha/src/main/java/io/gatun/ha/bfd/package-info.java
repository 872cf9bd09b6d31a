/**
 * Bidirectional Forwarding Detection (RFC 5880 asynchronous mode, RFC 5881 single hop): whether a peer on the link is
 * alive. {@link io.gatun.ha.bfd.BfdSession} is pure: packets and time in, packets and changes out. {@link
 * io.gatun.ha.bfd.BfdAgent} owns sockets and sessions on one thread; everyone else uses {@link
 * io.gatun.ha.bfd.BfdPeers}.
 *
 * <p>The surprising rule: a peer that is down makes nobody master. Both ends of a cut link find each other down, so this
 * feeds an election and is none (docs/adr/0023-bfd.md).
 */
package io.gatun.ha.bfd;
