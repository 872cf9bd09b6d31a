package io.gatun.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.gatun.bench.peers.Priority;
import io.gatun.bench.report.Spread;
import io.gatun.lab.Lab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the verbs that make namespaces have in common. */
final class CaseOptions {
    private static final int QUICK_ROUNDS = 3;
    private static final int FULL_ROUNDS = 5;

    @Option(names = "--quick", description = "A shorter measurement, " + QUICK_ROUNDS + " rounds.")
    private boolean quick;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds, at least " + Spread.SAMPLES_MIN + " (default " + FULL_ROUNDS + ", quick "
                    + QUICK_ROUNDS + ").")
    private Integer rounds;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the figures to this file.")
    private Path json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    boolean quick() {
        return quick;
    }

    int rounds() {
        int usual = quick ? QUICK_ROUNDS : FULL_ROUNDS;
        return rounds == null ? usual : rounds;
    }

    /**
     * The plan that the arguments make.
     *
     * @param made throws IllegalArgumentException, its message for the user, when they make none
     */
    <T> T plan(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Once the arguments are good: refuses who is not root, and lets this session run before others. */
    void begin() {
        if (!Lab.isRoot()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "user=" + System.getProperty("user.name") + ", run as root: it makes namespaces");
        }
        Priority.raiseSession();
    }

    void requireCpu(String option, int cpu) {
        int cpus = Runtime.getRuntime().availableProcessors();
        if (cpu < 0 || cpu >= cpus) {
            throw new ParameterException(
                    spec.commandLine(), option + "=" + cpu + ", this machine has the CPUs 0-" + (cpus - 1));
        }
    }

    /** Prints the report, and writes its figures as JSON where a file was named. */
    void report(String text, Map<String, Object> figures) throws IOException {
        System.out.print(text);
        if (json != null) {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), figures);
        }
    }
}
