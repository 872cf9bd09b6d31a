package io.gatun.api.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;

/** Whether somebody is looking. */
final class Terminal {
    private Terminal() {}

    /** Colour is for terminals only, and for none of somebody who sets NO_COLOR. */
    static boolean colour(CommandLine commandLine) {
        return commandLine.getColorScheme().ansi().enabled();
    }

    /** Whether this process writes its errors to a terminal. */
    static boolean showsErrors() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false; // no /proc, or errors are closed: nobody looks
        }
    }
}
