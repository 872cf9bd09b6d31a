package io.gatun.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    private static final List<List<String>> CASES = Stream.of(
                    "packets",
                    "bulk",
                    "requests",
                    "queues",
                    "failover",
                    "memory",
                    "restart",
                    "churn",
                    "flood",
                    "sync",
                    "micro")
            .map(List::of)
            .toList();

    private static final String MICRO = "micro";
    private static final String QUICK = "--quick";
    private static final int OTHERWISE_S = 300;

    /** Seconds with {@code --quick}, of which the plans speak; what is really left follows from how long it took so far. */
    private static final Map<String, Integer> QUICK_S = seconds(
            "packets 220, forward 95, ndr 70, overload 50, cost 75, latency 50, bulk 60, requests 110, crr 70, rps 70,"
                    + " queues 60, failover 90, memory 35, restart 60, churn 60, flood 140, sync 40, micro 70");

    private static final Map<String, Integer> FULL_S = seconds(
            "packets 560, forward 260, ndr 350, overload 120, cost 170, latency 110, bulk 150, requests 220, crr 150,"
                    + " rps 150, queues 150, failover 150, memory 70, restart 100, churn 130, flood 310, sync 100,"
                    + " micro 270");

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

    /** About how long a case takes, or all of them, with the usual number of rounds. */
    static int expectedS(List<String> arguments) {
        Map<String, Integer> seconds = arguments.contains(QUICK) ? QUICK_S : FULL_S;
        if (arguments.getFirst().equals("all")) {
            return CASES.stream().mapToInt(each -> seconds.get(each.getFirst())).sum();
        }
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
