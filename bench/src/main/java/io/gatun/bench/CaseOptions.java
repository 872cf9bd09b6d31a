package io.gatun.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.gatun.lab.Lab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What the verbs that make namespaces have in common. */
final class CaseOptions {
    private CaseOptions() {}

    static void requireRoot(CommandSpec spec) {
        if (!Lab.isRoot()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "user=" + System.getProperty("user.name") + ", run as root: it makes namespaces");
        }
    }

    static void requireCpu(CommandSpec spec, String option, int cpu) {
        int cpus = Runtime.getRuntime().availableProcessors();
        if (cpu < 0 || cpu >= cpus) {
            throw new ParameterException(
                    spec.commandLine(), option + "=" + cpu + ", this machine has the CPUs 0-" + (cpus - 1));
        }
    }

    /** Writes the figures as JSON; nothing where no file was named. */
    static void write(Path file, Map<String, Object> tree) throws IOException {
        if (file != null) {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), tree);
        }
    }
}
