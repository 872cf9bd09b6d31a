package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.conntrack.FlowTable;

/** What all steps of one batch share: the tables and the time. One per pipeline, set at the start of each batch. */
final class Cycle {
    private ForwardingTables tables;
    private long nowNs;
    private int nowTick;

    Cycle(ForwardingTables tables) {
        this.tables = tables;
    }

    void begin(ForwardingTables current, long timeNs) {
        tables = current;
        nowNs = timeNs;
        nowTick = FlowTable.tick(timeNs);
    }

    ForwardingTables tables() {
        return tables;
    }

    ServiceTable services() {
        return tables.services();
    }

    long nowNs() {
        return nowNs;
    }

    int nowTick() {
        return nowTick;
    }
}
