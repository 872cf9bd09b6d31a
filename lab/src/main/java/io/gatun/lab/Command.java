package io.gatun.lab;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a program to its end within a deadline, or kills it. */
final class Command {
    static final Duration DEADLINE = Duration.ofSeconds(30);
    /** How long output may trail the exit: a background child may hold the pipe open for ever. */
    private static final Duration TRAILING_OUTPUT = Duration.ofSeconds(1);

    private Command() {}

    /** Any exit code is a result; only a program that cannot be started or does not end throws. */
    static ExecResult run(List<String> command, Duration deadline) {
        Process process = start(new ProcessBuilder(command).redirectInput(new File("/dev/null")));
        FutureTask<String> stdout = drain(process.getInputStream());
        FutureTask<String> stderr = drain(process.getErrorStream());
        try {
            boolean ended = process.waitFor(deadline.toNanos(), TimeUnit.NANOSECONDS);
            if (!ended) {
                kill(process);
            }
            ExecResult result = new ExecResult(ended ? process.exitValue() : -1, text(stdout), text(stderr));
            if (!ended) {
                throw new LabException(
                        failure(command, "still ran after " + deadline.toMillis() + " ms, killed", result));
            }
            return result;
        } catch (InterruptedException e) {
            kill(process);
            Thread.currentThread().interrupt();
            throw new LabException("command=" + String.join(" ", command) + " was interrupted, killed", e);
        }
    }

    /** As {@link #run}, but an exit code other than 0 throws with all of stderr. */
    static ExecResult require(List<String> command, Duration deadline) {
        ExecResult result = run(command, deadline);
        if (!result.ok()) {
            throw new LabException(failure(command, "exit code " + result.exitCode(), result));
        }
        return result;
    }

    static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new LabException(
                    "command=" + builder.command().getFirst() + " cannot be started: " + e.getMessage(), e);
        }
    }

    private static String failure(List<String> command, String how, ExecResult result) {
        StringBuilder text = new StringBuilder("command=")
                .append(String.join(" ", command))
                .append(": ")
                .append(how);
        if (!result.stderr().isBlank()) {
            text.append("\nstderr: ").append(result.stderr().strip());
        }
        if (!result.stdout().isBlank()) {
            text.append("\nstdout: ").append(result.stdout().strip());
        }
        return text.toString();
    }

    /** Through handles, which leave the pipes open: what was said until now shall be told. */
    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
    }

    private static FutureTask<String> drain(InputStream stream) {
        FutureTask<String> task = new FutureTask<>(() -> new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        Thread.ofPlatform().daemon().name("lab-output").start(task);
        return task;
    }

    private static String text(FutureTask<String> task) throws InterruptedException {
        try {
            return task.get(TRAILING_OUTPUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return "(output is held open by a child that still runs)";
        }
    }
}
