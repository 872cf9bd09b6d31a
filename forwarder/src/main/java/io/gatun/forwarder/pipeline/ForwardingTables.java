package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.nexthop.NextHopTable;

/**
 * Everything the packet path reads but does not own, as of one moment; a batch sees one of them from end to end.
 *
 * @param services rules
 * @param nextHops routes and neighbours
 * @param local the way to the node itself, or {@link LocalDelivery#NONE}
 * @param trace packets that somebody wants to see, or null
 * @param access from where packets are dropped
 */
public record ForwardingTables(
        ServiceTable services, NextHopTable nextHops, LocalDelivery local, Trace trace, AccessList access) {
    /** Without a way to the node itself, and for everybody. */
    public ForwardingTables(ServiceTable services, NextHopTable nextHops) {
        this(services, nextHops, LocalDelivery.NONE, null, AccessList.EVERYBODY);
    }
}
