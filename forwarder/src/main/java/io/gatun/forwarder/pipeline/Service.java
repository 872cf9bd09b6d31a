package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.balance.Policy;
import io.gatun.forwarder.nat.PortSpace;

/**
 * A service as the packet path sees it; immutable, replaced as a whole.
 *
 * @param id what flows carry, the same on all nodes and after a restart
 * @param address VIP, as read big-endian
 * @param port service port
 * @param protocol IP protocol number
 * @param admitsNewFlows whether this node is the one that may open flows
 * @param snatAddress source towards the endpoints, or 0 to keep the client's (plain DNAT)
 * @param snatPorts the source ports to go with it
 * @param endpoints where its packets go
 * @param policy how new flows are spread
 * @param idleTimeoutTicks ticks of the connection table without a packet after which an established flow ends
 */
public record Service(
        int id,
        int address,
        int port,
        int protocol,
        boolean admitsNewFlows,
        int snatAddress,
        PortSpace snatPorts,
        Endpoints endpoints,
        Policy policy,
        int idleTimeoutTicks) {
    /** Whether the client's address is replaced, so that the endpoint's reply comes back to us by itself. */
    boolean isOneArm() {
        return snatAddress != 0;
    }
}
