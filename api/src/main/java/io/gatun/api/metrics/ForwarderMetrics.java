package io.gatun.api.metrics;

import io.gatun.api.model.DropCounters;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.PortSnapshot;
import io.gatun.forwarder.control.SyncCount;
import io.gatun.forwarder.control.TableFill;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;
import java.util.Optional;

/** Of agents, the connection table, interfaces and the exchange with other nodes. */
final class ForwarderMetrics {
    private static final String SYNC = "sync";
    private static final double NS = 1e9;
    private static final double MS = 1e3;

    /** Labels of the counters of agents, and what they are called here. */
    private static final Map<String, Name> NAMES = Map.ofEntries(
            Map.entry("duty_cycles", new Name("gatun_duty_cycles", "Duty cycles begun")),
            Map.entry("batches", new Name("gatun_batches", "Batches of packets received")),
            Map.entry("rx_packets", new Name("gatun_received_packets", "Packets received")),
            Map.entry("rx_bytes", new Name("gatun_received_bytes", "Bytes of frames received")),
            Map.entry("tx_packets", new Name("gatun_transmitted_packets", "Packets sent")),
            Map.entry("tx_bytes", new Name("gatun_transmitted_bytes", "Bytes of frames sent")),
            Map.entry("flows_opened", new Name("gatun_flows_opened", "Connections opened")),
            Map.entry("refusals_sent", new Name("gatun_refusals_sent", "RSTs, ABORTs and port-unreachables sent")),
            Map.entry("resets_doubted", new Name("gatun_resets_doubted", "RSTs forwarded that are not believed")),
            Map.entry("flows_replaced", new Name("gatun_flows_replaced", "Connections that gave way to new ones")),
            Map.entry("half_open_given_up", new Name("gatun_half_open_given_up", "Half-open connections given up")),
            Map.entry("idle_resets_sent", new Name("gatun_idle_resets_sent", "Ends of idle connections told so")),
            Map.entry("idle_resets_lost", new Name("gatun_idle_resets_lost", "Ends that could not be told")));

    private final Forwarder forwarder;

    ForwarderMetrics(Forwarder forwarder) {
        this.forwarder = forwarder;
    }

    private record Name(String name, String help) {}

    void addTo(Families families) {
        long packets = 0;
        long bytes = 0;
        for (Map.Entry<String, Map<String, Long>> agent :
                forwarder.agentCounters().entrySet()) {
            if (agent.getKey().equals(SYNC)) {
                agent.getValue().forEach((label, value) -> sync(families, label, value));
            } else {
                agent.getValue().forEach((label, value) -> agent(families, agent.getKey(), label, value));
                packets += agent.getValue().getOrDefault("tx_packets", 0L);
                bytes += agent.getValue().getOrDefault("tx_bytes", 0L);
            }
        }
        families.counter("loxilb_processed_packets", "Packets forwarded", packets);
        families.counter("loxilb_processed_bytes", "Bytes forwarded", bytes);
        table(families, forwarder.fill());
        families.info(
                "gatun_interface",
                "Interfaces served, by which engine",
                forwarder.ports().stream().map(ForwarderMetrics::labels).toList());
    }

    private static Labels labels(PortSnapshot port) {
        return Labels.of("interface", port.name(), "engine", port.engine(), "mode", port.mode());
    }

    private static void agent(Families families, String agent, String label, long value) {
        Optional<String> dropped = DropCounters.reason(label);
        if (dropped.isPresent()) {
            families.counter(
                    "gatun_drop_packets",
                    "Packets dropped, by reason: docs/packet-walk.md",
                    value,
                    "agent",
                    agent,
                    "reason",
                    dropped.get());
        } else if (label.equals("duty_cycle_max_ns")) {
            families.gauge(
                    "gatun_duty_cycle_max_seconds",
                    "Longest duty cycle with work of the last minute or two",
                    value / NS,
                    "agent",
                    agent);
        } else {
            Name name = NAMES.getOrDefault(label, new Name("gatun_" + label, "Counter " + label + " of an agent"));
            families.counter(name.name, name.help, value, "agent", agent);
        }
    }

    private static void sync(Families families, String label, long value) {
        if (label.equals(SyncCount.LAG_MS.label())) {
            families.gauge("gatun_sync_lag_seconds", "How long some peer has not been told all", value / MS);
        } else if (label.equals(SyncCount.UNSYNCED.label())) {
            families.gauge("gatun_sync_unsynced_connections", "Connections that some peer may not have", value);
        } else if (label.equals(SyncCount.APPLIED_MS.label())) {
            families.gauge("gatun_sync_applied_timestamp_seconds", "When a record changed the table last", value / MS);
        } else {
            families.counter(
                    "gatun_sync_records",
                    "Records and messages of the exchange with other nodes",
                    value,
                    "event",
                    label.substring(SYNC.length() + 1));
        }
    }

    private static void table(Families families, TableFill fill) {
        families.gauge("loxilb_active_conntrack_entries", "Entries in the connection table", fill.entries());
        families.gauge("loxilb_conntrack_max_entries", "Entries that it has room for", fill.entriesMax());
        families.gauge("gatun_half_open_connections", "Connections in their handshake", fill.halfOpen());
        families.gauge("gatun_half_open_connections_max", "How many may be", fill.halfOpenMax());
    }
}
