package io.gatun.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The {@code ip} command of iproute2. */
final class Ip {
    private static final String PROGRAM = find();

    private Ip() {}

    /** Runs {@code ip line} in the root namespace. @return its stdout */
    static String root(String line) {
        return run(List.of(PROGRAM), line);
    }

    /** Runs {@code ip -n namespace line}; words are separated by one space. @return its stdout */
    static String in(Namespace namespace, String line) {
        return run(List.of(PROGRAM, "-n", namespace.name()), line);
    }

    /** The command line that runs {@code command} inside the namespace; {@code ip} execs it, so the pid is its own. */
    static List<String> exec(Namespace namespace, List<String> command) {
        if (command.isEmpty()) {
            throw LabException.invalid("command", "[]", "name a program to run");
        }
        return concat(List.of(PROGRAM, "netns", "exec", namespace.name()), command);
    }

    private static String run(List<String> program, String line) {
        return Command.require(concat(program, List.of(line.split(" ", -1))), Command.DEADLINE)
                .stdout();
    }

    private static List<String> concat(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /** A root shell made by su has no sbin on its PATH. */
    private static String find() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Arrays.stream(path.split(":", -1)), Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, "ip"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse("ip");
    }
}
