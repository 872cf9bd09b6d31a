package io.gatun.forwarder.agent;

import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import java.net.InetAddress;

/** The addresses of a direction of a connection as people see them, whatever its kind of slot. */
final class FlowAddresses {
    private FlowAddresses() {}

    static InetAddress source(FlowSlot flow) {
        return flow.isWide() ? Addresses.of(flow.sourceHigh(), flow.sourceLow()) : Ipv4.toAddress(flow.source());
    }

    static InetAddress destination(FlowSlot flow) {
        return flow.isWide()
                ? Addresses.of(flow.destinationHigh(), flow.destinationLow())
                : Ipv4.toAddress(flow.destination());
    }

    /** Source after the rewrite; of a reply that NAT64 translates, the destination of the client's packets. */
    static InetAddress newSource(FlowTable flows, FlowSlot flow) {
        if (flow.isWide()) {
            return isTranslated(flow)
                    ? Ipv4.toAddress(flow.newSource())
                    : Addresses.of(flow.newSourceHigh(), flow.newSourceLow());
        }
        FlowSlot client = isTranslated(flow) ? partner(flows, flow) : null;
        return client == null ? Ipv4.toAddress(flow.newSource()) : destination(client);
    }

    /** Destination after the rewrite; of a reply that NAT64 translates, the source of the client's packets. */
    static InetAddress newDestination(FlowTable flows, FlowSlot flow) {
        if (flow.isWide()) {
            return isTranslated(flow)
                    ? Ipv4.toAddress(flow.newDestination())
                    : Addresses.of(flow.newDestinationHigh(), flow.newDestinationLow());
        }
        FlowSlot client = isTranslated(flow) ? partner(flows, flow) : null;
        return client == null ? Ipv4.toAddress(flow.newDestination()) : source(client);
    }

    private static boolean isTranslated(FlowSlot flow) {
        return (flow.flags() & FlowSlot.FLAG_TRANSLATED) != 0;
    }

    private static FlowSlot partner(FlowTable flows, FlowSlot flow) {
        int partner = flow.partner();
        if (partner < 0 || !flows.isLive(partner)) {
            return null;
        }
        FlowSlot client = flows.wrap(new FlowSlot(), partner);
        return client.isWide() ? client : null;
    }
}
