package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.conntrack.ChangeRings;
import io.gatun.forwarder.conntrack.FlowTable;

/**
 * What all agents and the conductor share of connections.
 *
 * @param table the connections
 * @param halfOpen how many of them are half-open
 * @param resets whose ends are to be told
 * @param changes what other nodes are to be told
 */
public record SharedFlows(FlowTable table, HalfOpenFlows halfOpen, IdleResets resets, ChangeRings changes) {
    /** Without other nodes. */
    public SharedFlows(FlowTable table, HalfOpenFlows halfOpen, IdleResets resets) {
        this(table, halfOpen, resets, ChangeRings.none());
    }

    /** Takes a quarter of the table's connections of IPv4 to be half-open at most. */
    public static SharedFlows of(FlowTable table) {
        int max = (int) Math.min(Integer.MAX_VALUE, Math.max(2, table.capacity() / 8));
        return new SharedFlows(table, new HalfOpenFlows(max, max), new IdleResets());
    }
}
