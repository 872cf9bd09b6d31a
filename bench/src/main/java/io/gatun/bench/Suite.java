package io.gatun.bench;

import io.gatun.bench.report.CaseResult;
import io.gatun.bench.report.Environment;
import io.gatun.bench.report.Results;
import io.gatun.bench.report.TimeLeft;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Cases one after the other, each in a process of its own: one pins its JVM, another sizes it. */
final class Suite {
    /** An exit code of a case that measured. */
    private static final List<Integer> MEASURED = List.of(0, BenchCommand.WORSE);

    private final List<Part> parts;
    private final Launcher launcher;
    private final PrintStream progress;

    /**
     * One case.
     *
     * @param arguments its name first
     * @param expectedS about how long it takes
     */
    record Part(List<String> arguments, int expectedS) {}

    /** Starts a case and waits for its end. */
    @FunctionalInterface
    interface Launcher {
        /** The exit code. */
        int run(List<String> arguments) throws IOException, InterruptedException;
    }

    /**
     * What a suite left.
     *
     * @param results of the cases that measured, none when none did
     * @param failed names of the others
     */
    record Outcome(Optional<Results> results, List<String> failed) {}

    Suite(List<Part> parts, Launcher launcher, PrintStream progress) {
        this.parts = List.copyOf(parts);
        this.launcher = launcher;
        this.progress = progress;
    }

    /** Runs {@code scripts/bench} of this tree. */
    static Launcher script(Path home) {
        return arguments -> {
            List<String> command = new ArrayList<>();
            command.add(home.resolve("scripts/bench").toAbsolutePath().toString());
            command.addAll(arguments);
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        };
    }

    /** Runs all; a case that fails does not keep the others from it. */
    Outcome run(Environment environment) throws IOException, InterruptedException {
        List<CaseResult> results = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        int allS = parts.stream().mapToInt(Part::expectedS).sum();
        int doneS = 0;
        long startNs = System.nanoTime();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            long elapsedNs = System.nanoTime() - startNs;
            String left = doneS == 0 ? "about " + TimeLeft.ofSeconds(allS) : TimeLeft.text(elapsedNs, doneS, allS);
            progress.printf(
                    "%n== case %d of %d: %s; %s%n", i + 1, parts.size(), String.join(" ", part.arguments()), left);
            progress.flush();
            run(part, results, failed);
            doneS += part.expectedS();
        }
        return new Outcome(
                results.isEmpty() ? Optional.empty() : Optional.of(Results.of(environment, results)), failed);
    }

    private void run(Part part, List<CaseResult> results, List<String> failed)
            throws IOException, InterruptedException {
        Path file = Files.createTempFile("gatun-bench-", ".json");
        try {
            List<String> arguments = new ArrayList<>(part.arguments());
            arguments.add("--json=" + file);
            int code = launcher.run(arguments);
            if (MEASURED.contains(code)) {
                results.addAll(Results.read(file).cases());
            } else {
                failed.add(part.arguments().getFirst());
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
