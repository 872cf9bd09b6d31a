package io.gatun.bench.traffic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The priority of single threads, by renice(1). */
final class Niceness {
    /** What a process has unless told otherwise: 1 % of a CPU that a task of niceness -20 wants too. */
    static final int ORDINARY = 0;

    private static final Path THIS_THREAD = Path.of("/proc/thread-self");

    private Niceness() {}

    /** Sets the niceness of the calling platform thread. */
    static void ofThisThread(int niceness) {
        try {
            String tid = String.valueOf(Files.readSymbolicLink(THIS_THREAD).getFileName());
            Process renice = new ProcessBuilder("renice", "-n", Integer.toString(niceness), "-p", tid)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(renice.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (renice.waitFor() != 0) {
                throw new IllegalStateException("renice of thread " + tid + " to " + niceness + ": " + said.strip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot renice this thread to " + niceness, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while renicing this thread", e);
        }
    }
}
