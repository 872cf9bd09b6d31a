package io.gatun.api.system;

import io.gatun.api.cli.Gatun;
import io.gatun.lab.Host;
import io.gatun.lab.JavaCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The command line of {@code gatun}. By itself this JVM's class path; with {@code -Dgatun.test.launcher=true} the
 * launcher with an AOT cache of the same classes, whose making pays when many nodes start.
 */
final class NodeCommand {
    private static final boolean LAUNCHER = Boolean.getBoolean("gatun.test.launcher");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Checks that the launcher's JVM leaves out otherwise. */
    private static final String CHECKS = "JDK_JAVA_OPTIONS=-ea -Dagrona.disable.bounds.checks=false";

    private static Path launcher;

    private NodeCommand() {}

    static List<String> of(Host host, String... arguments) {
        if (!LAUNCHER) {
            return JavaCommand.of(Gatun.class, arguments);
        }
        List<String> command =
                new ArrayList<>(List.of("env", CHECKS, launcher(host).toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Makes the cache of a tree, from a run in namespaces of its own. @return where it is */
    static Path makeCache(Host host, Path tree) throws IOException {
        Files.createDirectories(tree.resolve("target"));
        script(host, tree, "gatun_aot_make \"$1\"");
        return cache(host, tree);
    }

    /** Where the cache of a tree is, when there is one. */
    static Path cache(Host host, Path tree) {
        return Path.of(
                script(host, tree, "gatun_aot_file \"$1\"").lines().toList().getLast());
    }

    private static synchronized Path launcher(Host host) {
        try {
            if (launcher == null) {
                Path tree = Path.of("target", "node").toAbsolutePath();
                delete(tree);
                Path made = SourceTree.launcher(tree);
                makeCache(host, tree);
                launcher = made;
            }
            return launcher;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> found = Files.walk(tree)) {
                for (Path each : found.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private static String script(Host host, Path tree, String command) {
        return host.exec(
                        PATIENCE,
                        List.of(
                                "bash",
                                "-c",
                                "source \"$1/scripts/lib/jdk.sh\" && source \"$1/scripts/lib/aot.sh\" && gatun_java && "
                                        + command,
                                "_",
                                tree.toString()))
                .stdout();
    }
}
