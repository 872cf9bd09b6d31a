package io.gatun.bench.traffic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatun.lab.ExecResult;
import io.gatun.lab.Host;
import io.gatun.lab.LabProcess;
import java.time.Duration;
import java.util.List;

/** iperf3 (Debian package iperf3) with one TCP stream, from client to server. */
public final class Iperf {
    private static final Duration START_TIME = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final int CONNECT_MS = 3_000;
    private static final double NS_PER_S = 1e9;
    private static final double PERCENT = 100;

    private Iperf() {}

    /**
     * What one run moved.
     *
     * @param bitsPerSecond payload that the server received, without the omitted seconds
     * @param bytes payload sent, the omitted seconds included
     * @param senderNs CPU time of the client, the omitted seconds included
     * @param receiverNs CPU time of the server, likewise
     */
    public record Result(double bitsPerSecond, long bytes, long senderNs, long receiverNs) {}

    /** Starts a server and returns when it listens. */
    public static LabProcess serve(Host host, int port) {
        LabProcess server = host.start("iperf3", "-s", "-p", Integer.toString(port), "--forceflush");
        server.awaitLine("^Server listening", START_TIME);
        return server;
    }

    /**
     * Sends as fast as can be.
     *
     * @param omitS seconds at the start that do not count
     * @param seconds seconds that do
     * @throws IllegalStateException when the client could not connect or the connection broke
     */
    public static Result send(Host host, String address, int port, int omitS, int seconds) {
        List<String> command = List.of(
                "iperf3",
                "-c",
                address,
                "-p",
                Integer.toString(port),
                "-O",
                Integer.toString(omitS),
                "-t",
                Integer.toString(seconds),
                "--connect-timeout",
                Integer.toString(CONNECT_MS),
                "-J");
        ExecResult ended = host.tryExec(GRACE.plusSeconds(omitS + seconds), command);
        return parse(ended.stdout(), omitS + seconds);
    }

    /** Reads what {@code -J} prints of a run that lasted so many seconds altogether. */
    static Result parse(String json, int seconds) {
        JsonNode tree = tree(json);
        if (tree.has("error") || !tree.at("/end/sum_received").has("bits_per_second")) {
            throw new IllegalStateException(
                    "iperf3 failed: " + tree.path("error").asText("no sum in its output: " + json));
        }
        long bytes = 0;
        for (JsonNode interval : tree.path("intervals")) {
            bytes += interval.at("/sum/bytes").asLong();
        }
        JsonNode cpu = tree.at("/end/cpu_utilization_percent");
        return new Result(
                tree.at("/end/sum_received/bits_per_second").asDouble(),
                bytes,
                (long) (cpu.path("host_total").asDouble() / PERCENT * seconds * NS_PER_S),
                (long) (cpu.path("remote_total").asDouble() / PERCENT * seconds * NS_PER_S));
    }

    private static JsonNode tree(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("iperf3 printed no JSON: " + json, e);
        }
    }
}
