package io.gatun.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench all}. */
@Command(
        name = "all",
        description =
                "All cases, one after the other, with the time left; --json holds the figures of all. Needs root.",
        mixinStandardHelpOptions = true)
final class AllCommand implements Callable<Integer> {
    private static final List<List<String>> CASES = List.of(
            List.of("forward"),
            List.of("ndr"),
            List.of("overload"),
            List.of("cost"),
            List.of("latency"),
            List.of("bulk"),
            List.of("crr"),
            List.of("rps"),
            List.of("queues"),
            List.of("failover"),
            List.of("memory"),
            List.of("restart"),
            List.of("churn"),
            List.of("sync"),
            List.of("micro"));

    private static final String MICRO = "micro";
    private static final String QUICK = "--quick";
    private static final int OTHERWISE_S = 300;

    /** Seconds with {@code --quick}, of which the plans speak; what is really left follows from how long it took so far. */
    private static final Map<String, Integer> QUICK_S = Map.of(
            "forward", 100, "bulk", 90, "crr", 180, "rps", 180, "queues", 90, "failover", 90, "sync", 60, MICRO, 180);

    private static final Map<String, Integer> FULL_S = Map.of(
            "forward",
            600,
            "bulk",
            300,
            "crr",
            480,
            "rps",
            480,
            "queues",
            300,
            "failover",
            150,
            "sync",
            180,
            MICRO,
            900);

    @Mixin
    private CaseOptions options;

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.begin();
        Suite suite = new Suite(parts(options.words()), Suite.script(Output.home()), System.err);
        Suite.Outcome outcome = suite.run(options.environment());
        int code =
                outcome.results().isPresent() ? options.keep(outcome.results().get()) : 0;
        return complain(outcome, code);
    }

    /** All cases with these options; {@code micro} has iterations, not rounds. */
    static List<Suite.Part> parts(List<String> words) {
        List<Suite.Part> parts = new ArrayList<>();
        for (List<String> each : CASES) {
            List<String> arguments = new ArrayList<>(each);
            words.stream()
                    .filter(word -> word.equals(QUICK) || !each.getFirst().equals(MICRO))
                    .forEach(arguments::add);
            parts.add(new Suite.Part(List.copyOf(arguments), expectedS(arguments)));
        }
        return parts;
    }

    /** About how long a case takes. */
    static int expectedS(List<String> arguments) {
        Map<String, Integer> seconds = arguments.contains(QUICK) ? QUICK_S : FULL_S;
        return seconds.getOrDefault(arguments.getFirst(), OTHERWISE_S);
    }

    /** Names what failed. */
    static int complain(Suite.Outcome outcome, int code) {
        if (outcome.failed().isEmpty()) {
            return code;
        }
        System.err.println("bench: not measured: " + String.join(", ", outcome.failed()));
        return CommandLine.ExitCode.SOFTWARE;
    }
}
