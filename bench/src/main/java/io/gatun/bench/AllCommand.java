package io.gatun.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
    private static final Map<String, Integer> QUICK_S = seconds(
            "forward 115, ndr 85, overload 65, cost 95, latency 65, bulk 100, crr 120, rps 120, queues 90, failover 90,"
                    + " memory 35, restart 60, churn 60, sync 60, micro 130");

    private static final Map<String, Integer> FULL_S =
            seconds("forward 360, ndr 420, overload 170, cost 200, latency 120, bulk 240, crr 300, rps 300, queues 300,"
                    + " failover 150, memory 70, restart 100, churn 130, sync 180, micro 540");

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

    private static Map<String, Integer> seconds(String text) {
        return Arrays.stream(text.split(", ", -1))
                .map(each -> each.split(" ", -1))
                .collect(Collectors.toMap(each -> each[0], each -> Integer.valueOf(each[1])));
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
