package io.gatun.forwarder.agent;

import io.gatun.forwarder.bpf.Steering;
import io.gatun.forwarder.control.AddressText;
import io.gatun.forwarder.control.ExplainQuery;
import io.gatun.forwarder.control.Protocol;
import java.net.InetAddress;

/**
 * What the steering program would say to a packet, from the plan that its maps were filled by.
 *
 * @param ours whether the packet comes to us; otherwise the host has it
 * @param text the reason, half a sentence
 */
record SteeringVerdict(boolean ours, String text) {
    /**
     * Asks the plan.
     *
     * @param protocol number in the packet; of ICMP over IPv6 58
     */
    static SteeringVerdict of(SteeringPlan plan, ExplainQuery query, int protocol) {
        InetAddress to = query.destination();
        SteeringPlan.Address address = plan.addresses().get(to);
        if (address == null) {
            return unknownDestination(plan, query, protocol);
        }
        if ((address.flags() & Steering.OWN_ALL) != 0) {
            return ours("all packets to " + AddressText.of(to) + " are");
        }
        boolean echo = query.protocol() == Protocol.ICMP;
        int port = echo ? 0 : query.destinationPort();
        boolean inRange = !echo && port >= address.portMin() && port <= address.portMax();
        if ((address.flags() & Steering.SNAT) != 0 && inRange) {
            return ours("port " + port + " of this node's address is one of our source ports");
        }
        boolean served = (address.flags() & Steering.SERVICES) != 0
                && plan.services().contains(new SteeringPlan.Tuple(to, port, protocol));
        return served
                ? ours("a service has this port of this node's address")
                : theHosts(AddressText.of(to) + " is an address of this node and no service has the port");
    }

    /** Replies of endpoints that answer the client itself. */
    private static SteeringVerdict unknownDestination(SteeringPlan plan, ExplainQuery query, int protocol) {
        int port = query.protocol() == Protocol.ICMP ? 0 : query.sourcePort();
        if (plan.endpoints().contains(new SteeringPlan.Tuple(query.source(), port, protocol))) {
            return ours(Explainer.end(query.protocol(), query.source(), port)
                    + " is an endpoint whose answers go through us");
        }
        return theHosts(AddressText.of(query.destination()) + " is neither a VIP nor a source of ours");
    }

    private static SteeringVerdict ours(String why) {
        return new SteeringVerdict(true, "ours, " + why);
    }

    private static SteeringVerdict theHosts(String why) {
        return new SteeringVerdict(false, "not ours, " + why + ": passes to the host");
    }
}
