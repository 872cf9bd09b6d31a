package io.gatun.kube.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.api.cli.Gatun;
import io.gatun.lab.Host;
import io.gatun.lab.JavaCommand;
import io.gatun.lab.LabProcess;
import io.gatun.lab.ProcessSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** {@code gatun run} on {@code eth0} of a host, with a door to its REST API. */
public final class GatunProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final int API_PORT = 11111;

    private final Host host;
    private final Path directory;
    private final List<String> command;
    private final Door door;
    private LabProcess process;

    private GatunProcess(Host host, Path directory, List<String> command) {
        this.host = host;
        this.directory = directory;
        this.command = command;
        this.door = new Door(host, API_PORT);
    }

    /** Starts it with run and state below the directory; returns when it forwards. */
    public static GatunProcess start(Host host, Path directory, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                "--interface=eth0",
                "--api=127.0.0.1:" + API_PORT,
                "--run-dir=" + directory.resolve("run"),
                "--state-dir=" + directory.resolve("state")));
        arguments.addAll(Arrays.asList(options));
        GatunProcess node =
                new GatunProcess(host, directory, JavaCommand.of(Gatun.class, arguments.toArray(String[]::new)));
        node.restart();
        return node;
    }

    /** Where its REST API is for code in this process, whether it runs or not. */
    public URI uri() {
        return door.uri();
    }

    /** What goes to its REST API. */
    public Door door() {
        return door;
    }

    /** Starts it again with the same directories. */
    public void restart() {
        process = host.start(ProcessSpec.of(command).named("gatun"));
        process.awaitLine("^ready ", START);
    }

    /** SIGKILL. */
    public void kill9() {
        assertEquals(137, process.kill9());
    }

    /** As if it had never run. */
    public void loseState() throws IOException {
        try (Stream<Path> found = Files.walk(directory.resolve("state"))) {
            for (Path each : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    public boolean alive() {
        return process.alive();
    }

    @Override
    public void close() throws IOException {
        door.close();
        if (process.alive()) {
            process.kill9();
        }
    }
}
