package io.gatun.forwarder.agent;

import io.gatun.forwarder.sys.netlink.AddressEvent;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The node's own IPv4 addresses and the subnets of one interface, as of one moment. */
final class NodeAddresses {
    private static final int SECONDARY = 0x01;

    private final Set<Integer> own = new TreeSet<>();
    private final List<AddressEvent> onInterface = new ArrayList<>();

    /**
     * A view of these addresses.
     *
     * @param all of every interface of the node
     * @param interfaceIndex the interface whose subnets count
     */
    NodeAddresses(Collection<AddressEvent> all, int interfaceIndex) {
        for (AddressEvent event : all) {
            if (event.address() instanceof Inet4Address address) {
                own.add(Ipv4.toInt(address));
                if (event.ifindex() == interfaceIndex) {
                    onInterface.add(event);
                }
            }
        }
    }

    Set<Integer> own() {
        return own;
    }

    boolean isOwn(int address) {
        return own.contains(address);
    }

    /** Whether the address lies in a subnet of the interface. */
    boolean isOnLink(int address) {
        for (AddressEvent event : onInterface) {
            if (Ipv4.sameSubnet(address, Ipv4.toInt((Inet4Address) event.address()), event.prefixLength())) {
                return true;
            }
        }
        return false;
    }

    /** The interface's first address that is not secondary, or 0 when it has none. */
    int primary() {
        for (AddressEvent event : onInterface) {
            if ((event.flags() & SECONDARY) == 0) {
                return Ipv4.toInt((Inet4Address) event.address());
            }
        }
        return 0;
    }
}
