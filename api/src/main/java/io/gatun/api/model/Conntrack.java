package io.gatun.api.model;

import java.util.List;

/** One direction of a connection, as {@code GET config/conntrack/all} shows it. */
public record Conntrack(
        String destinationIP,
        String sourceIP,
        int destinationPort,
        int sourcePort,
        String protocol,
        String ident,
        String conntrackState,
        String conntrackAct,
        long packets,
        long bytes,
        String servName) {
    /** All directions of all connections. */
    public record All(List<Conntrack> ctAttr) {}
}
