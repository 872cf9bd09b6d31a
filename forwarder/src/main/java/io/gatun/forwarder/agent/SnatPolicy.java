package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.nat.PortSpace;
import java.net.Inet4Address;

/**
 * Chooses the source of one-arm traffic. It must be an address that comes back to us and, if connections are to survive
 * a takeover, moves with the VIP: the VIP itself where it lies in a subnet of the interface, or the configured floating
 * address. The node's own address is the fallback, in a range of ports that its own programs do not use.
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

    SnatChoice choose(Inet4Address vip, NodeAddresses node, String interfaceName) {
        if (options.snatAddress() != null) {
            return new SnatChoice(Ipv4.toInt(options.snatAddress()), floatingPorts, true);
        }
        int address = Ipv4.toInt(vip);
        if (options.snat() == ForwarderOptions.Snat.VIP && node.isOnLink(address) && !node.isOwn(address)) {
            return new SnatChoice(address, floatingPorts, true);
        }
        int own = node.primary();
        if (own == 0) {
            throw RejectedException.invalid(
                    "externalIP",
                    vip.getHostAddress(),
                    "lies in no subnet of " + interfaceName + " and the interface has no IPv4 address to send from:"
                            + " give it one, or start with --snat-address");
        }
        return new SnatChoice(own, nodePorts, false);
    }

    private static PortSpace ports(ForwarderOptions options, int first, int last) {
        return options.natPortFirst() == 0
                ? new PortSpace(first, last)
                : new PortSpace(options.natPortFirst(), options.natPortLast());
    }
}
