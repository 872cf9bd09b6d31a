package io.gatun.api.cli;

import io.gatun.api.config.Problems;
import io.gatun.api.daemon.Tuning;
import io.gatun.api.log.LogLevel;
import io.gatun.ha.health.ProbePace;
import picocli.CommandLine.Option;

/** Options of {@code gatun run} about probes of which the rule or endpoint says nothing. */
final class ProbeDefaults {
    private static final int COUNT_MAX = 100;
    private static final int DAY_MS = 86_400_000;

    @Option(
            names = "--probe-interval",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "between probes of an endpoint, where its rule says no other (default: ${DEFAULT-VALUE})")
    String interval;

    @Option(
            names = "--probe-timeout",
            paramLabel = "TIME",
            defaultValue = "1s",
            description = "after which no answer has come, likewise; at most the interval (default: ${DEFAULT-VALUE})")
    String timeout;

    @Option(
            names = "--probe-fall",
            paramLabel = "N",
            defaultValue = "2",
            description = "failures in a row that put an endpoint out, likewise (default: ${DEFAULT-VALUE})")
    String fall;

    @Option(
            names = "--probe-rise",
            paramLabel = "N",
            defaultValue = "1",
            description = "successes in a row that bring it back, likewise (default: ${DEFAULT-VALUE})")
    String rise;

    /**
     * Checks them.
     *
     * @return with the level of the log; no class of another module may be named here, which picocli would look for also
     *     in the client verbs, that do without
     */
    Tuning tuning(LogLevel level, Problems problems) {
        ProbePace usual = ProbePace.USUAL;
        int intervalMs = problems.check(
                () -> TakeoverOptions.time(
                        "--probe-interval", interval, (int) ProbePace.INTERVAL_MIN_MS, DAY_MS, false),
                (int) usual.intervalMs());
        int timeoutMs = problems.check(
                () -> TakeoverOptions.time("--probe-timeout", timeout, 1, DAY_MS, false), (int) usual.timeoutMs());
        int failures = problems.check(() -> RunArguments.number("--probe-fall", fall, 1, COUNT_MAX), usual.fall());
        int successes = problems.check(() -> RunArguments.number("--probe-rise", rise, 1, COUNT_MAX), usual.rise());
        return new Tuning(level, ProbePace.of(intervalMs, timeoutMs, failures, successes));
    }
}
