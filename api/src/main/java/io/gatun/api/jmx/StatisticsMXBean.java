package io.gatun.api.jmx;

import java.util.List;
import java.util.Map;

/** What a running Gatun has done; the same figures as {@code GET /netlox/v1/metrics}. */
public interface StatisticsMXBean {
    /** Agent by agent. */
    List<AgentStatistics> getAgents();

    /** Packets dropped, by reason: docs/packet-walk.md. */
    Map<String, Long> getDrops();

    /** Entries of the connection table in use, and how many there are. */
    long getTableEntries();

    long getTableEntriesMax();

    /** Connections in their handshake, and how many may be. */
    int getHalfOpenConnections();

    int getHalfOpenConnectionsMax();

    /** All counters, summed over agents. */
    Map<String, Long> getCounters();

    /**
     * An agent.
     *
     * @param agent interface and queue, such as {@code eth0/0}
     * @param dutyCycleMaxUs longest duty cycle with work of the last minute or two, microseconds
     * @param drops packets dropped, for all reasons
     */
    record AgentStatistics(
            String agent,
            long receivedPackets,
            long receivedBytes,
            long transmittedPackets,
            long transmittedBytes,
            long flowsOpened,
            long batches,
            long dutyCycles,
            double dutyCycleMaxUs,
            long drops) {}
}
