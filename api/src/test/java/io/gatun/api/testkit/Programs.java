package io.gatun.api.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs that tests ask. */
public final class Programs {
    private Programs() {}

    /** Runs a program to its end. @return exit code, a space, and all that it has put out */
    public static String run(List<String> command) {
        try {
            Path out = Files.createTempFile("gatun-run", ".out");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
                return process.waitFor() + " " + Files.readString(out, StandardCharsets.ISO_8859_1);
            } finally {
                Files.delete(out);
            }
        } catch (IOException e) {
            throw new AssertionError(command + " cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
