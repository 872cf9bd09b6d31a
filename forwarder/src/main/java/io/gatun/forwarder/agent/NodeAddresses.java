package io.gatun.forwarder.agent;

import io.gatun.forwarder.sys.netlink.AddressEvent;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The node's own addresses of both families and the subnets of one interface, as of one moment. */
final class NodeAddresses {
    /** IFA_F_* of include/uapi/linux/if_addr.h; for IPv6 the same bit says that the address is temporary (RFC 8981). */
    private static final int SECONDARY = 0x01;

    private static final int DAD_FAILED = 0x08;
    private static final int DEPRECATED = 0x20;
    private static final int TENTATIVE = 0x40;

    private final Set<Integer> own = new TreeSet<>();
    private final Set<InetAddress> ownAddresses = new LinkedHashSet<>();
    private final List<AddressEvent> onInterface = new ArrayList<>();

    /**
     * A view of these addresses. One that failed duplicate address detection is another host's and left out.
     *
     * @param all of every interface of the node, in the kernel's order
     * @param interfaceIndex the interface whose subnets count
     */
    NodeAddresses(Collection<AddressEvent> all, int interfaceIndex) {
        for (AddressEvent event : all) {
            if ((event.flags() & DAD_FAILED) != 0) {
                continue;
            }
            ownAddresses.add(event.address());
            if (event.address() instanceof Inet4Address address) {
                own.add(Ipv4.toInt(address));
            }
            if (event.ifindex() == interfaceIndex) {
                onInterface.add(event);
            }
        }
    }

    /** The IPv4 addresses. */
    Set<Integer> own() {
        return own;
    }

    /** The addresses of both families. */
    Set<InetAddress> ownAddresses() {
        return ownAddresses;
    }

    boolean isOwn(int address) {
        return own.contains(address);
    }

    boolean isOwn(InetAddress address) {
        return ownAddresses.contains(address);
    }

    /** Whether the address lies in a subnet of the interface. */
    boolean isOnLink(int address) {
        return isOnLink(Ipv4.toAddress(address));
    }

    /** Whether the address lies in a subnet of the interface. */
    boolean isOnLink(InetAddress address) {
        for (AddressEvent event : onInterface) {
            if (Addresses.sameSubnet(address, event.address(), event.prefixLength())) {
                return true;
            }
        }
        return false;
    }

    /** The interface's first IPv4 address that is not secondary, or 0 when it has none. */
    int primary() {
        return primary4().map(Ipv4::toInt).orElse(0);
    }

    /** The interface's first IPv4 address that is not secondary. */
    Optional<Inet4Address> primary4() {
        for (AddressEvent event : onInterface) {
            if (event.address() instanceof Inet4Address address && (event.flags() & SECONDARY) == 0) {
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }

    /**
     * The interface's first IPv6 address to which an answer comes from anywhere, now and later: not link-local, neither
     * tentative nor deprecated; a temporary one only where there is no other.
     */
    Optional<Inet6Address> primary6() {
        Inet6Address temporary = null;
        for (AddressEvent event : onInterface) {
            boolean usable = (event.flags() & (TENTATIVE | DEPRECATED)) == 0;
            if (usable && event.address() instanceof Inet6Address address && !address.isLinkLocalAddress()) {
                if ((event.flags() & SECONDARY) == 0) {
                    return Optional.of(address);
                }
                temporary = temporary == null ? address : temporary;
            }
        }
        return Optional.ofNullable(temporary);
    }

    /** The interface's primary address of the other address's family. */
    Optional<? extends InetAddress> primaryLike(InetAddress other) {
        return other instanceof Inet4Address ? primary4() : primary6();
    }
}
