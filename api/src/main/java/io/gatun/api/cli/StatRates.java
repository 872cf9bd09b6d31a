package io.gatun.api.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatun.api.model.DropCounters;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * What happened in each second between two readings of the counters, of all agents or of one.
 *
 * @param seconds between the readings
 * @param rxPackets received for VIPs, a second
 * @param rxBytes a second
 * @param txPackets sent, a second
 * @param txBytes a second
 * @param newConnections a second
 * @param connections in the table now; absent of one agent, and when it is not counted
 * @param drops packets a second
 * @param dutyCycles a second; of all agents, those of the slowest
 * @param dropsByReason packets a second, without the reasons for which there were none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StatRates(
        double seconds,
        double rxPackets,
        double rxBytes,
        double txPackets,
        double txBytes,
        double newConnections,
        Long connections,
        double drops,
        double dutyCycles,
        Map<String, Double> dropsByReason) {
    private static final String CONNECTIONS = "table connections";
    private static final String CYCLES = " duty_cycles";

    /** Agents that move packets, by name. */
    static Set<String> agents(Map<String, Long> values) {
        Set<String> agents = new TreeSet<>();
        for (String label : values.keySet()) {
            if (label.endsWith(CYCLES)) {
                agents.add(label.substring(0, label.length() - CYCLES.length()));
            }
        }
        return agents;
    }

    /** Of all agents together. */
    static StatRates ofAll(Map<String, Long> before, Map<String, Long> now, long elapsedNs) {
        Deltas deltas = new Deltas(before, now, elapsedNs, agents(now));
        double slowest = agents(now).stream()
                .mapToDouble(agent -> new Deltas(before, now, elapsedNs, Set.of(agent)).rate("duty_cycles"))
                .min()
                .orElse(0);
        return deltas.rates(now.get(CONNECTIONS), slowest);
    }

    /** Of one agent. */
    static StatRates of(String agent, Map<String, Long> before, Map<String, Long> now, long elapsedNs) {
        Deltas deltas = new Deltas(before, now, elapsedNs, Set.of(agent));
        return deltas.rates(null, deltas.rate("duty_cycles"));
    }

    private record Deltas(Map<String, Long> before, Map<String, Long> now, long elapsedNs, Set<String> agents) {
        StatRates rates(Long connections, double dutyCycles) {
            Map<String, Double> drops = new TreeMap<>();
            for (String label : now.keySet()) {
                String counter = label.substring(label.indexOf(' ') + 1);
                DropCounters.reason(counter)
                        .filter(reason -> rate(counter) > 0)
                        .ifPresent(reason -> drops.put(reason, rate(counter)));
            }
            return new StatRates(
                    (double) elapsedNs / TimeUnit.SECONDS.toNanos(1),
                    rate("rx_packets"),
                    rate("rx_bytes"),
                    rate("tx_packets"),
                    rate("tx_bytes"),
                    rate("flows_opened"),
                    connections,
                    drops.values().stream().mapToDouble(Double::doubleValue).sum(),
                    dutyCycles,
                    drops);
        }

        double rate(String counter) {
            long sum = 0;
            for (String agent : agents) {
                String label = agent + " " + counter;
                long value = now.getOrDefault(label, 0L);
                long earlier = before.getOrDefault(label, 0L);
                sum += value < earlier ? value : value - earlier; // less: another process began at zero
            }
            double rate = (double) sum * TimeUnit.SECONDS.toNanos(1) / elapsedNs;
            return Math.round(rate * 10) / 10.0;
        }
    }
}
