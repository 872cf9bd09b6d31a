package io.gatun.api.jmx;

import io.gatun.api.model.DropCounters;
import io.gatun.forwarder.control.Forwarder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads counters when it is asked. */
final class Statistics implements StatisticsMXBean {
    private static final String CYCLES = "duty_cycles";
    private static final double US = 1e3;

    private final Forwarder forwarder;

    Statistics(Forwarder forwarder) {
        this.forwarder = forwarder;
    }

    @Override
    public List<AgentStatistics> getAgents() {
        List<AgentStatistics> agents = new ArrayList<>();
        forwarder.agentCounters().forEach((agent, counters) -> {
            if (counters.containsKey(CYCLES)) { // the exchange with other nodes is no agent
                agents.add(of(agent, counters));
            }
        });
        return agents;
    }

    private static AgentStatistics of(String agent, Map<String, Long> counters) {
        return new AgentStatistics(
                agent,
                counters.getOrDefault("rx_packets", 0L),
                counters.getOrDefault("rx_bytes", 0L),
                counters.getOrDefault("tx_packets", 0L),
                counters.getOrDefault("tx_bytes", 0L),
                counters.getOrDefault("flows_opened", 0L),
                counters.getOrDefault("batches", 0L),
                counters.getOrDefault(CYCLES, 0L),
                counters.getOrDefault("duty_cycle_max_ns", 0L) / US,
                DropCounters.all(counters).values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
    }

    @Override
    public Map<String, Long> getDrops() {
        return DropCounters.all(forwarder.counters());
    }

    @Override
    public long getTableEntries() {
        return forwarder.fill().entries();
    }

    @Override
    public long getTableEntriesMax() {
        return forwarder.fill().entriesMax();
    }

    @Override
    public int getHalfOpenConnections() {
        return forwarder.fill().halfOpen();
    }

    @Override
    public int getHalfOpenConnectionsMax() {
        return forwarder.fill().halfOpenMax();
    }

    @Override
    public Map<String, Long> getCounters() {
        return forwarder.counters();
    }
}
