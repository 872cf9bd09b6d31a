package io.gatun.api.cli;

import io.gatun.api.model.Json;
import io.gatun.forwarder.counters.CountersFile;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gatun stat}: what a node on this machine counts, from its mapped file; no server is asked. */
@Command(
        name = "stat",
        description = "Show what a Gatun on this machine counts, also when its API is down.",
        footer = {
            "",
            "Without INTERVAL all counters since the start that are not zero. With it a line for each interval:"
                    + " packets and megabits a second received and sent, new connections a second, connections in the"
                    + " table, duty cycles a second of the slowest agent, packets dropped a second, and for what"
                    + " reasons, which docs/packet-walk.md explains."
        },
        mixinStandardHelpOptions = true)
final class StatCommand implements Callable<Integer> {
    private static final String HEAD = String.format(
            Locale.ROOT,
            "%-8s %-10s %10s %9s %10s %9s %9s %9s %10s %9s  %s",
            "time",
            "agent",
            "rx pkt/s",
            "rx Mbit/s",
            "tx pkt/s",
            "tx Mbit/s",
            "new/s",
            "conn",
            "cycles/s",
            "drop/s",
            "drops by reason");
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final int LINES_UNDER_HEAD = 20;
    private static final double BITS_PER_BYTE = 8;
    private static final double MEGA = 1e6;
    private static final double INTERVAL_MIN_S = 0.01;
    private static final double INTERVAL_MAX_S = 86_400;

    @Spec
    CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "INTERVAL",
            description = "seconds from line to line, such as 1 or 0.5; without it the counters themselves")
    Double intervalS;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "COUNT",
            description = "how many lines (default: until interrupted)")
    Long count;

    @Option(names = "--agents", description = "a line for each agent too, which is a receive queue of an interface")
    boolean agents;

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            defaultValue = "/run/gatun",
            description = "of the Gatun (default: ${DEFAULT-VALUE})")
    Path runDir;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "json",
            description = "JSON, a line for each interval")
    TraceCommand.Output output;

    @Override
    public Integer call() {
        if (intervalS == null) {
            printTotals(read());
            return Gatun.EXIT_OK;
        }
        if (!(intervalS >= INTERVAL_MIN_S && intervalS <= INTERVAL_MAX_S)) {
            throw new ParameterException(spec.commandLine(), "INTERVAL=" + intervalS + ", give 0.01-86400 seconds");
        }
        if (count != null && count < 1) {
            throw new ParameterException(spec.commandLine(), "COUNT=" + count + ", give 1 or more, or leave it out");
        }
        watch();
        return Gatun.EXIT_OK;
    }

    private Map<String, Long> read() {
        try {
            return CountersFile.read(runDir);
        } catch (UncheckedIOException e) {
            throw new ClientException(e.getMessage(), e);
        }
    }

    /** Reads by the file's name each time, so that it goes on with the next process after a restart. */
    private void watch() {
        PrintWriter out = spec.commandLine().getOut();
        long intervalNs = (long) (intervalS * TimeUnit.SECONDS.toNanos(1));
        Map<String, Long> before = read();
        long beforeNs = System.nanoTime();
        long nextNs = beforeNs;
        for (long line = 0; (count == null || line < count) && !out.checkError(); line++) {
            nextNs += intervalNs;
            waitUntil(nextNs);
            Map<String, Long> now = read();
            long nowNs = System.nanoTime();
            if (output == TraceCommand.Output.JSON) {
                out.println(json(before, now, nowNs - beforeNs));
            } else {
                if (line % LINES_UNDER_HEAD == 0) {
                    out.println(HEAD);
                }
                printLines(out, before, now, nowNs - beforeNs);
            }
            out.flush();
            before = now;
            beforeNs = nowNs;
        }
    }

    private static void waitUntil(long timeNs) {
        for (long left = timeNs - System.nanoTime(); left > 0; left = timeNs - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void printLines(PrintWriter out, Map<String, Long> before, Map<String, Long> now, long elapsedNs) {
        String time = LocalTime.now(ZoneId.systemDefault()).format(CLOCK);
        out.println(line(time, "all", StatRates.ofAll(before, now, elapsedNs)));
        if (agents) {
            for (String agent : StatRates.agents(now)) {
                out.println(line(time, agent, StatRates.of(agent, before, now, elapsedNs)));
            }
        }
    }

    /** A line under {@link #HEAD}. */
    static String line(String time, String agent, StatRates rates) {
        String reasons = rates.dropsByReason().entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .map(drop -> drop.getKey() + " " + whole(drop.getValue()))
                .collect(Collectors.joining(", "));
        return String.format(
                        Locale.ROOT,
                        "%-8s %-10s %10s %9.1f %10s %9.1f %9s %9s %10s %9s  %s",
                        time,
                        agent,
                        whole(rates.rxPackets()),
                        rates.rxBytes() * BITS_PER_BYTE / MEGA,
                        whole(rates.txPackets()),
                        rates.txBytes() * BITS_PER_BYTE / MEGA,
                        whole(rates.newConnections()),
                        rates.connections() == null ? "-" : rates.connections().toString(),
                        whole(rates.dutyCycles()),
                        whole(rates.drops()),
                        reasons)
                .stripTrailing();
    }

    static String head() {
        return HEAD;
    }

    /** Nothing that happened shows as nothing. */
    private static String whole(double rate) {
        return rate > 0 && rate < 1 ? "<1" : Long.toString(Math.round(rate));
    }

    private static String json(Map<String, Long> before, Map<String, Long> now, long elapsedNs) {
        Map<String, StatRates> byAgent = new LinkedHashMap<>();
        for (String agent : StatRates.agents(now)) {
            byAgent.put(agent, StatRates.of(agent, before, now, elapsedNs));
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("all", StatRates.ofAll(before, now, elapsedNs));
        line.put("agents", byAgent);
        return new String(Json.bytes(line), StandardCharsets.UTF_8);
    }

    private void printTotals(Map<String, Long> values) {
        Map<String, Map<String, Long>> byCounter = new TreeMap<>();
        values.forEach((label, value) -> {
            int space = label.indexOf(' ');
            byCounter
                    .computeIfAbsent(label.substring(space + 1), counter -> new TreeMap<>())
                    .put(label.substring(0, space), value);
        });
        if (output == TraceCommand.Output.JSON) {
            spec.commandLine().getOut().println(Json.pretty(byCounter));
            return;
        }
        Table table = new Table("Counter", "Agent", "Value");
        byCounter.forEach((counter, byAgent) -> byAgent.forEach((agent, value) -> {
            if (value != 0) {
                table.row(counter, agent, value);
            }
        }));
        table.print(spec.commandLine());
    }
}
