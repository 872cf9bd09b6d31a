package io.gatun.lab;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program to start in a host.
 *
 * @param name for errors and reports
 * @param command program and arguments, no shell in between
 * @param environment added to this JVM's own
 * @param output where stdout and stderr are written; without it they go through a pipe to this JVM, so a program of a
 *     kept lab that shall outlive it needs one
 */
public record ProcessSpec(String name, List<String> command, Map<String, String> environment, Optional<Path> output) {
    public ProcessSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.isEmpty()) {
            throw LabException.invalid("command", "[]", "name a program to run");
        }
    }

    public static ProcessSpec of(String... command) {
        return of(List.of(command));
    }

    /** Named after its program. */
    public static ProcessSpec of(List<String> command) {
        String name = command.isEmpty()
                ? ""
                : String.valueOf(Path.of(command.getFirst()).getFileName());
        return new ProcessSpec(name, command, Map.of(), Optional.empty());
    }

    public ProcessSpec named(String otherName) {
        return new ProcessSpec(otherName, command, environment, output);
    }

    public ProcessSpec with(String variable, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(variable, value);
        return new ProcessSpec(name, command, more, output);
    }

    /** The same, with stdout and stderr appended to {@code file}. */
    public ProcessSpec outputTo(Path file) {
        return new ProcessSpec(name, command, environment, Optional.of(file));
    }
}
