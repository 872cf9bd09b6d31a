package io.gatun.bench;

import io.gatun.bench.cases.CaseReport;
import io.gatun.bench.peers.EnvironmentProbe;
import io.gatun.bench.report.CaseResult;
import io.gatun.bench.report.Comparison;
import io.gatun.bench.report.Environment;
import io.gatun.bench.report.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the figures of a verb go: to the screen, to a file, beside those of a former run. */
class Output {
    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the figures to this file.")
    private Path json;

    @Option(
            names = "--against",
            paramLabel = "FILE",
            description = "Also says what got worse beyond the noise since the run that wrote this file.")
    private Path against;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    private Environment environment;
    private Results before;

    final Environment environment() {
        return environment;
    }

    /** For messages about arguments. */
    final CommandSpec spec() {
        return spec;
    }

    /** Before anything is measured: refuses a file that cannot be read, and notes what the machine is. */
    void begin() {
        if (against != null) {
            before = former(spec, "--against", against);
        }
        environment = EnvironmentProbe.take(home());
    }

    /**
     * Prints the report, writes its figures where a file was named, and compares them where another one was.
     *
     * @return the exit code
     */
    final int report(String text, CaseResult result) throws IOException {
        System.out.print(text);
        List<String> words =
                Reruns.words(spec.root().commandLine().getParseResult().originalArgs());
        return keep(Results.of(environment, List.of(result.madeBy(words))));
    }

    /**
     * The same of several cases that one run measured.
     *
     * @return the exit code
     */
    final int report(List<? extends CaseReport> reports) throws IOException {
        List<String> words =
                Reruns.words(spec.root().commandLine().getParseResult().originalArgs());
        reports.forEach(each -> System.out.println(each.text()));
        return keep(Results.of(
                environment,
                reports.stream().map(each -> each.result().madeBy(words)).toList()));
    }

    /**
     * Writes results where a file was named, and compares them where another one was.
     *
     * @return the exit code
     */
    final int keep(Results results) throws IOException {
        if (json != null) {
            results.write(json);
        }
        return before == null ? 0 : compare(before, results);
    }

    /** Prints what changed. */
    static int compare(Results before, Results after) {
        Comparison comparison = Comparison.of(before, after);
        System.out.print("\n" + comparison.text());
        return comparison.isWorse() ? BenchCommand.WORSE : 0;
    }

    /** Reads a former run, which this argument names. */
    static Results former(CommandSpec spec, String argument, Path file) {
        try {
            return Results.read(file);
        } catch (IOException e) {
            throw new ParameterException(
                    spec.commandLine(), argument + "=" + file + ", it cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), argument + ": " + e.getMessage(), e);
        }
    }

    static Path home() {
        return Path.of(System.getProperty("gatun.home", "."));
    }
}
