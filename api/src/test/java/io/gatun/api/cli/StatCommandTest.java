package io.gatun.api.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.model.Json;
import io.gatun.api.testkit.Verb;
import io.gatun.forwarder.counters.AgentCounters;
import io.gatun.forwarder.counters.CountersFile;
import io.gatun.forwarder.counters.DropReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The counters of a run directory, without any server. */
class StatCommandTest {
    private static final long TWO_SECONDS_NS = 2_000_000_000L;

    @TempDir
    Path directory;

    @Test
    void linesOfRates() {
        Map<String, Long> before = values(0, 0);
        Map<String, Long> now = values(2_000, 20);
        assertEquals(
                """
                time     agent        rx pkt/s rx Mbit/s   tx pkt/s tx Mbit/s     new/s      conn   cycles/s    drop/s  drops by reason
                12:00:01 all             12000      96.0       6000      48.0        20      1234       1000        21  no_flow 20, ttl_expired <1
                12:00:01 eth0/0          10000      80.0       5000      40.0        10         -       1000        10  no_flow 10
                """,
                String.join(
                                "\n",
                                List.of(
                                        StatCommand.head(),
                                        StatCommand.line(
                                                "12:00:01", "all", StatRates.ofAll(before, now, TWO_SECONDS_NS)),
                                        StatCommand.line(
                                                "12:00:01",
                                                "eth0/0",
                                                StatRates.of("eth0/0", before, now, TWO_SECONDS_NS))))
                        + "\n");
    }

    /** Of two agents, the second with a fifth of the packets. */
    private static Map<String, Long> values(long cycles, long flows) {
        Map<String, Long> values = new TreeMap<>();
        values.put("eth0/0 duty_cycles", 5 + cycles);
        values.put("eth0/0 rx_packets", 10 * cycles);
        values.put("eth0/0 rx_bytes", 10_000 * cycles);
        values.put("eth0/0 tx_packets", 5 * cycles);
        values.put("eth0/0 tx_bytes", 5_000 * cycles);
        values.put("eth0/0 flows_opened", flows);
        values.put("eth0/0 drop_no_flow", flows);
        values.put("eth0/0 drop_no_port", 7L);
        values.put("eth0/1 duty_cycles", 9 + 2 * cycles);
        values.put("eth0/1 rx_packets", 2 * cycles);
        values.put("eth0/1 rx_bytes", 2_000 * cycles);
        values.put("eth0/1 tx_packets", cycles);
        values.put("eth0/1 tx_bytes", 1_000 * cycles);
        values.put("eth0/1 flows_opened", flows);
        values.put("eth0/1 drop_no_flow", flows);
        values.put("eth0/1 drop_ttl_expired", flows == 0 ? 0L : 1L);
        values.put("sync records", 3L);
        values.put("table connections", 1234L);
        return values;
    }

    @Test
    void aProcessThatBeganAnewCountsFromZero() {
        StatRates rates = StatRates.ofAll(
                Map.of("eth0/0 duty_cycles", 100L, "eth0/0 rx_packets", 1_000_000L),
                Map.of("eth0/0 duty_cycles", 10L, "eth0/0 rx_packets", 40L, "eth1/0 duty_cycles", 8L),
                TWO_SECONDS_NS);
        assertEquals(20, rates.rxPackets());
        assertEquals(4, rates.dutyCycles());
    }

    @Test
    void countersThatAreNotZeroWithoutAnInterval() {
        try (CountersFile _ = counted()) {
            assertEquals("""
                    |     COUNTER     | AGENT  | VALUE |
                    |-----------------|--------|-------|
                    | connections     | table  |     9 |
                    | drop_no_service | eth0/0 |     2 |
                    | duty_cycles     | eth0/0 |     1 |
                    | rx_bytes        | eth0/0 |   300 |
                    | rx_packets      | eth0/0 |     5 |
                    """, stat().out());
            assertTrue(stat("-o", "json").out().contains("\"flows_opened\" : {\n    \"eth0/0\" : 0"));
        }
    }

    @Test
    void linesUntilTheCountIsReached() {
        try (CountersFile _ = counted()) {
            List<String> lines = stat("--agents", "0.01", "3").out().lines().toList();
            assertEquals(7, lines.size(), lines.toString());
            assertEquals(StatCommand.head(), lines.getFirst());
            assertTrue(lines.get(1).matches("\\d\\d:\\d\\d:\\d\\d all +0 +0\\.0 +0 +0\\.0 +0 +9 +0 +0"), lines.get(1));
            assertTrue(lines.get(2).matches("\\d\\d:\\d\\d:\\d\\d eth0/0 .* - +0 +0"), lines.get(2));
        }
    }

    @Test
    void aLineOfJsonForEachInterval() {
        try (CountersFile _ = counted()) {
            List<String> lines = stat("0.01", "2", "-o", "json").out().lines().toList();
            assertEquals(2, lines.size());
            Map<?, ?> line = Json.read(lines.getFirst().getBytes(StandardCharsets.UTF_8), Map.class);
            assertEquals(9, ((Map<?, ?>) line.get("all")).get("connections"));
            assertEquals(List.of("eth0/0"), List.copyOf(((Map<?, ?>) line.get("agents")).keySet()));
        }
    }

    @Test
    void whatCannotBeIsOneSentence() {
        Verb missing = stat("1");
        assertEquals(1, missing.code());
        assertEquals(
                "gatun: " + directory.resolve("counters")
                        + " is not there, name the --run-dir of a Gatun that has run\n",
                missing.err());
        assertEquals("gatun: INTERVAL=0.0, give 0.01-86400 seconds\n", stat("0").err());
        assertEquals(
                "gatun: COUNT=0, give 1 or more, or leave it out\n",
                stat("1", "0").err());
        assertEquals(2, stat("soon").code());
    }

    private CountersFile counted() {
        CountersFile file = CountersFile.create(directory);
        AgentCounters counters = new AgentCounters(file.manager(), "eth0/0");
        counters.cycle();
        counters.received(5, 300);
        counters.dropped(DropReason.NO_SERVICE, 2);
        file.manager().newCounter("table connections").setRelease(9);
        return file;
    }

    private Verb stat(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "stat";
        all[1] = "--run-dir=" + directory;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return Verb.run(all);
    }
}
