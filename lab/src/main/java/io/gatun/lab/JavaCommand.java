package io.gatun.lab;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Command lines that run a main class on this JVM's Java, as a process of its own. */
public final class JavaCommand {
    /** Flags that belong to one process: heap size, debugger, agents. */
    private static final Set<String> OWN = Set.of("-Xm", "-agent", "-javaagent", "-Xrun", "-Xdebug");

    private JavaCommand() {}

    /** With this JVM's class path and its flags (those of {@code scripts/jvm.flags}), except for heap size and agents. */
    public static List<String> of(Class<?> main, String... arguments) {
        List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> OWN.stream().noneMatch(flag::startsWith))
                .toList();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return command(flags, classPath, main, arguments);
    }

    /** With the lab's own classes only, and flags for a small and quick JVM. */
    static List<String> small(Class<?> main, String... arguments) {
        URL classes = main.getProtectionDomain().getCodeSource().getLocation();
        return command(
                List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx64m", "-XX:-UsePerfData"),
                Path.of(URI.create(classes.toString())).toString(),
                main,
                arguments);
    }

    private static List<String> command(List<String> flags, String classPath, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse(System.getProperty("java.home") + "/bin/java"));
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
