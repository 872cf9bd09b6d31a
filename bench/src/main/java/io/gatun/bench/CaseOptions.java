package io.gatun.bench;

import io.gatun.bench.peers.Priority;
import io.gatun.bench.report.Spread;
import io.gatun.bench.report.TimeLeft;
import io.gatun.lab.Lab;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What the verbs that make namespaces have in common. */
final class CaseOptions extends Output {
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

    boolean quick() {
        return quick;
    }

    /** These options, for a case. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        if (quick) {
            words.add("--quick");
        }
        if (rounds != null) {
            words.add("--rounds=" + rounds);
        }
        return words;
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
            throw new ParameterException(spec().commandLine(), e.getMessage(), e);
        }
    }

    /** Once the arguments are good: refuses who is not root, and lets this session run before others. */
    @Override
    void begin() {
        super.begin();
        if (!Lab.isRoot()) {
            throw new ParameterException(
                    spec().commandLine(),
                    "user=" + System.getProperty("user.name") + ", run as root: it makes namespaces");
        }
        Priority.raiseSession();
        List<String> arguments = spec().root().commandLine().getParseResult().originalArgs();
        System.err.println("planned: about " + TimeLeft.ofSeconds(AllCommand.expectedS(arguments)));
    }

    void requireCpu(String option, int cpu) {
        int cpus = Runtime.getRuntime().availableProcessors();
        if (cpu < 0 || cpu >= cpus) {
            throw new ParameterException(
                    spec().commandLine(), option + "=" + cpu + ", this machine has the CPUs 0-" + (cpus - 1));
        }
    }
}
