package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.AddressText;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.nat.PortSpace;
import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Chooses the source towards the endpoints. It must be an address that comes back to us and, if connections are to survive
 * a takeover, moves with the VIP: the VIP itself where it lies in a subnet of the interface, or the configured floating
 * address; of full-NAT the chosen one, or the VIP wherever it lies. The node's own address is the fallback, in a range of
 * ports that its own programs do not use. Behind NAT64 the VIP is of the wrong family.
 */
final class SnatPolicy {
    private final ForwarderOptions options;
    private final PortSpace floatingPorts;
    private final PortSpace nodePorts;

    SnatPolicy(ForwarderOptions options) {
        this.options = options;
        this.floatingPorts = ports(options, ForwarderOptions.VIP_PORT_FIRST, ForwarderOptions.VIP_PORT_LAST);
        this.nodePorts = ports(options, ForwarderOptions.NODE_PORT_FIRST, ForwarderOptions.NODE_PORT_LAST);
    }

    /**
     * The source for a service.
     *
     * @param node addresses of this node, and those of the interface that leads to the endpoints
     * @throws RejectedException when there is none
     */
    SnatChoice choose(ServiceSpec spec, NodeAddresses node, String interfaceName) {
        InetAddress vip = spec.key().vip();
        InetAddress endpoint = spec.endpoints().getFirst().address();
        boolean sameFamily = sameFamily(vip, endpoint);
        if (spec.mode() == NatMode.FULL_NAT && spec.privateAddress() != null) {
            return floating(spec.privateAddress(), node);
        }
        if (spec.mode() == NatMode.DSR) {
            // Of a tunnel only. Not the VIP: the endpoint has it too, and a host drops what comes from its own address.
            InetAddress own = node.primaryLike(endpoint).orElse(null);
            return new SnatChoice(own == null ? vip : own, nodePorts, true);
        }
        if (spec.mode() == NatMode.HOST_ONE_ARM) {
            return own(vip, endpoint, node, interfaceName);
        }
        if (options.snatAddress() != null && endpoint instanceof Inet4Address) {
            return floating(options.snatAddress(), node);
        }
        boolean vipWanted =
                spec.mode() == NatMode.FULL_NAT || (options.snat() == ForwarderOptions.Snat.VIP && node.isOnLink(vip));
        if (sameFamily && vipWanted && !node.isOwn(vip)) {
            return new SnatChoice(vip, floatingPorts, true);
        }
        return own(vip, endpoint, node, interfaceName);
    }

    /** Whether two addresses are of one family. */
    static boolean sameFamily(InetAddress a, InetAddress b) {
        return (a instanceof Inet4Address) == (b instanceof Inet4Address);
    }

    private SnatChoice floating(InetAddress address, NodeAddresses node) {
        boolean own = node.isOwn(address);
        return new SnatChoice(address, own ? nodePorts : floatingPorts, !own);
    }

    private SnatChoice own(InetAddress vip, InetAddress endpoint, NodeAddresses node, String interfaceName) {
        InetAddress own = node.primaryLike(endpoint).orElse(null);
        if (own == null) {
            String family = endpoint instanceof Inet4Address ? "IPv4" : "IPv6";
            throw RejectedException.invalid(
                    "externalIP",
                    AddressText.of(vip),
                    "cannot be the source towards " + AddressText.of(endpoint) + ", and " + interfaceName + " has no "
                            + family + " address to send from: give it one, or start with --snat-address");
        }
        return new SnatChoice(own, nodePorts, false);
    }

    private static PortSpace ports(ForwarderOptions options, int first, int last) {
        return options.natPortFirst() == 0
                ? new PortSpace(first, last)
                : new PortSpace(options.natPortFirst(), options.natPortLast());
    }
}
