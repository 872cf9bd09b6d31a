package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.balance.Policy;

/**
 * A service as the packet path sees it; immutable, replaced as a whole.
 *
 * @param id what flows carry, the same on all nodes and after a restart
 * @param high upper half of the VIP, 0 for IPv4
 * @param low lower half; of IPv4 the mapped address
 * @param port service port, the first one of a range
 * @param portMax the last one
 * @param protocol IP protocol number; of ICMP over IPv6 58
 * @param admitsNewFlows whether this node is the one that may open flows
 * @param endpoints where its packets go, and with which source
 * @param sticky whether a client stays with the endpoint that it was given first; its address alone is hashed
 * @param policy how new flows are spread
 * @param allowed who may open flows
 */
public record Service(
        int id,
        long high,
        long low,
        int port,
        int portMax,
        int protocol,
        boolean admitsNewFlows,
        Endpoints endpoints,
        boolean sticky,
        Policy policy,
        SourceFilter allowed) {
    boolean isIpv4() {
        return AddressSet.isMapped(high, low);
    }

    int address() {
        return (int) low;
    }

    boolean isRange() {
        return portMax != port;
    }

    boolean covers(int wantedPort) {
        return wantedPort >= port && wantedPort <= portMax;
    }

    /** Whether endpoints answer clients themselves: what is known of a connection then follows from its tuple alone. */
    boolean isDirect() {
        return endpoints.isDirect();
    }
}
