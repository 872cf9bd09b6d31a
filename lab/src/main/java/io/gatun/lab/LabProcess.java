package io.gatun.lab;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A program that runs in a host. Its stdout and stderr, merged, are kept as lines, the last 4096 of them. All methods
 * may be called from any thread.
 */
public final class LabProcess implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final int TAIL = 20;

    private final String name;
    private final Process process;
    private final LineBuffer lines = new LineBuffer();

    private LabProcess(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    static LabProcess start(Namespace namespace, ProcessSpec spec) {
        ProcessBuilder builder = new ProcessBuilder(Ip.exec(namespace, spec.command()))
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"));
        builder.environment().putAll(spec.environment());
        long offset = spec.output().map(LabProcess::size).orElse(0L);
        spec.output().ifPresent(file -> builder.redirectOutput(Redirect.appendTo(file.toFile())));
        Process process = Command.start(builder);
        namespace.awaitEntered(process.toHandle());
        LabProcess started = new LabProcess(namespace.host() + "/" + spec.name(), process);
        Thread.ofPlatform().daemon().name("lab-output-" + started.name).start(() -> started.read(spec, offset));
        return started;
    }

    /** {@code HOST/PROGRAM}. */
    public String name() {
        return name;
    }

    /** Of the program itself: {@code ip netns exec} becomes it. */
    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** Lines put out so far; the number of the next one. */
    public long lineCount() {
        return lines.count();
    }

    /**
     * Waits for a line in which {@code regex} is found, those already put out included.
     *
     * @throws LabException with the last output, when the process ends or the time is up before
     */
    public String awaitLine(String regex, Duration timeout) {
        return awaitLine(0, regex, timeout);
    }

    /**
     * As {@link #awaitLine(String, Duration)}, but looks at lines from number {@code from} on only, see {@link
     * #lineCount}.
     */
    public String awaitLine(long from, String regex, Duration timeout) {
        try {
            return lines.await(from, Pattern.compile(regex), timeout.toNanos())
                    .orElseThrow(() -> new LabException("process=" + name + " put out no line with /" + regex + "/"
                            + (alive() ? " in " + timeout.toMillis() + " ms" : " before it ended " + exitText())
                            + "; its last output:\n" + String.join("\n", tail(TAIL))));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** The last {@code limit} lines. */
    public List<String> tail(int limit) {
        return lines.tail(limit);
    }

    /**
     * Waits for the end, and for the last of the output.
     *
     * @return the exit code, 128 + signal when it was killed
     * @throws LabException when it still runs after {@code timeout}
     */
    public int awaitExit(Duration timeout) {
        try {
            if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new LabException("process=" + name + " pid=" + pid() + " still runs after " + timeout.toMillis()
                        + " ms; its last output:\n" + String.join("\n", tail(TAIL)));
            }
            lines.awaitEnd(TimeUnit.SECONDS.toNanos(1));
            return process.exitValue();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * SIGTERM, and SIGKILL when it still runs 5 s later.
     *
     * @return the exit code
     */
    public int terminate() {
        requestStop();
        try {
            return awaitExit(GRACE);
        } catch (LabException stubborn) {
            return kill9();
        }
    }

    /**
     * SIGKILL.
     *
     * @return the exit code, 137 unless it had ended before
     */
    public int kill9() {
        process.toHandle().destroyForcibly();
        return awaitExit(GRACE);
    }

    /** SIGTERM without waiting; not by Process.destroy(), which closes the pipe and loses the last words. */
    void requestStop() {
        process.toHandle().destroy();
    }

    @Override
    public void close() {
        terminate();
    }

    @Override
    public String toString() {
        return name + " pid " + pid() + (alive() ? " running" : " ended " + exitText());
    }

    private void read(ProcessSpec spec, long offset) {
        try (InputStream output = output(spec, offset);
                BufferedReader reader = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("(output ends: " + e.getMessage() + ")");
        } finally {
            lines.end();
        }
    }

    private InputStream output(ProcessSpec spec, long offset) throws IOException {
        return spec.output().isPresent()
                ? new FollowingStream(spec.output().get(), offset, process)
                : process.getInputStream();
    }

    private String exitText() {
        return process.isAlive() ? "its output" : "with exit code " + process.exitValue();
    }

    private LabException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new LabException("interrupted while waiting for process=" + name, e);
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
