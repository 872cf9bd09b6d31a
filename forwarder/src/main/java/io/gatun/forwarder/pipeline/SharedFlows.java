package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.conntrack.FlowTable;

/**
 * What all agents and the conductor share of connections.
 *
 * @param table the connections
 * @param halfOpen how many of them are half-open
 * @param resets whose ends are to be told
 */
public record SharedFlows(FlowTable table, HalfOpenFlows halfOpen, IdleResets resets) {
    /** Takes a quarter of the table's connections of IPv4 to be half-open at most. */
    public static SharedFlows of(FlowTable table) {
        int max = (int) Math.min(Integer.MAX_VALUE, Math.max(2, table.capacity() / 8));
        return new SharedFlows(table, new HalfOpenFlows(max, max), new IdleResets());
    }
}
