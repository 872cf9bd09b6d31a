package io.gatun.ha.netns;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatun.ha.announce.AnnouncerCounter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** {@link AnnouncerMain} in a JVM of its own, inside a namespace. */
final class AnnouncerProcess {
    private final BufferedReader answers;
    private final PrintWriter commands;
    private final String mac;

    AnnouncerProcess(Namespaces namespaces, String namespace) throws IOException {
        Process process = namespaces.start(
                namespace,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + flags(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                AnnouncerMain.class.getName(),
                "lan0");
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        commands = new PrintWriter(process.getOutputStream(), true, UTF_8);
        String ready = answers.readLine();
        if (ready == null) {
            throw new IllegalStateException(new String(process.getErrorStream().readAllBytes(), UTF_8));
        }
        mac = ready.replace("ready ", "");
    }

    private static Path flags() {
        Path directory = Path.of("").toAbsolutePath();
        while (!directory.resolve("scripts/jvm.flags").toFile().exists()) {
            directory = directory.getParent();
        }
        return directory.resolve("scripts/jvm.flags");
    }

    /** Of its lan0, such as {@code 02:00:00:00:00:01}. */
    String mac() {
        return mac;
    }

    /** Returns when the command is in force. */
    String say(String command) throws IOException {
        commands.println(command);
        return answers.readLine();
    }

    long counter(AnnouncerCounter counter) throws IOException {
        return Long.parseLong(say("counter " + counter.name()));
    }

    /** Returns when the counter has reached the value. */
    void await(AnnouncerCounter counter, long value) throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (counter(counter) < value) {
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new AssertionError(counter + "=" + counter(counter) + " did not reach " + value);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
