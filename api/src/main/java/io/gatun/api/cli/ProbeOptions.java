package io.gatun.api.cli;

import picocli.CommandLine.Option;

/** How endpoints are probed, for those of a rule and for one alone. */
final class ProbeOptions {
    @Option(
            names = "--probetype",
            defaultValue = "",
            description = "tcp, udp, sctp, ping, http, https or none; of a rule it means --monitor")
    String type;

    @Option(names = "--probeport", paramLabel = "PORT", description = "port to ask at")
    int port;

    @Option(names = "--probereq", paramLabel = "TEXT", defaultValue = "", description = "datagram of udp, path of http")
    String request;

    @Option(names = "--proberesp", paramLabel = "TEXT", defaultValue = "", description = "what must be in the answer")
    String response;

    @Option(names = "--period", paramLabel = "SECONDS", description = "from probe to probe, 60 when not given")
    long periodS;

    @Option(names = "--retries", paramLabel = "COUNT", description = "failures that make it down, 2 when not given")
    int retries;

    @Option(names = "--interval-ms", paramLabel = "MS", description = "instead of --period, at least 100")
    long intervalMs;

    @Option(names = "--timeout-ms", paramLabel = "MS", description = "how long an answer may take, 1000 when not given")
    long timeoutMs;

    @Option(names = "--rise", paramLabel = "COUNT", description = "successes that make it up again, 1 when not given")
    int rise;
}
