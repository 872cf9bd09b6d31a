package io.gatun.ha.bfd;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * A peer on the link.
 *
 * @param peer its address; a link-local one with its zone ({@code fe80::1%eth0})
 * @param local the address that packets come from, the one by which the peer knows this node; the wildcard of the family
 *     leaves the choice to the kernel
 */
public record BfdPeerConfig(InetAddress peer, InetAddress local, BfdTimers timers) {
    public BfdPeerConfig {
        if (peer.isAnyLocalAddress() || peer.isMulticastAddress()) {
            throw new IllegalArgumentException("bfd peer=" + peer.getHostAddress() + " is no host, name one");
        }
        if (peer.getClass() != local.getClass()) {
            throw new IllegalArgumentException("bfd peer=" + peer.getHostAddress() + ", local=" + local.getHostAddress()
                    + " are of two families, give a local address of the peer's");
        }
        if (peer.isLinkLocalAddress() && peer instanceof Inet6Address zoned && zoned.getScopeId() == 0) {
            throw new IllegalArgumentException(
                    "bfd peer=" + peer.getHostAddress() + " has no zone, append % and the interface");
        }
    }

    /** From an address that the kernel chooses. */
    public static BfdPeerConfig of(InetAddress peer, BfdTimers timers) {
        return new BfdPeerConfig(peer, InetAddress.ofLiteral(peer instanceof Inet6Address ? "::" : "0.0.0.0"), timers);
    }
}
