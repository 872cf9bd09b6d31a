package io.gatun.api.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatun.api.testkit.FakeGatun;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jnr.posix.POSIXFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gatun run} as the process that an init system sees: its lines and exit codes. */
class ProcessTest {
    @TempDir
    Path directory;

    private Process process;

    @BeforeEach
    void onlyAsRoot() {
        assumeTrue(POSIXFactory.getPOSIX().geteuid() == 0, "gatun run needs root");
    }

    @AfterEach
    void kill() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void saysReadyOnceAndEndsWithZeroWhenAskedTo() throws Exception {
        int port = freePort();
        process = start(List.of(), "--api=127.0.0.1:" + port, "--egr-hooks", "--io=raw");
        BufferedReader out = process.inputReader();
        List<String> log = new ArrayList<>();
        String line = out.readLine();
        while (line != null && !line.startsWith("ready")) {
            log.add(line);
            line = out.readLine();
        }
        assertEquals(
                1,
                log.stream()
                        .filter(l -> l.contains("--egr-hooks has nothing to do"))
                        .count(),
                log.toString());
        assertEquals("ready interface=lo engine=xdp mode=native reason=\"asked for\" api=127.0.0.1:" + port, line);
        process.toHandle().destroy();
        List<String> rest = out.lines().toList();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), rest.toString());
        assertTrue(rest.stream().noneMatch(l -> l.startsWith("ready")), rest.toString());
        assertTrue(rest.getLast().endsWith("stopped"), rest.toString());
    }

    @Test
    void endsWithOneWhenForwardingFails() throws Exception {
        process = start(List.of("-Dfail=true"), "--api=127.0.0.1:" + freePort());
        List<String> out = process.inputReader().lines().toList();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(1, process.exitValue(), out.toString());
        assertTrue(out.stream().anyMatch(l -> l.contains("link is gone")), out.toString());
    }

    @Test
    void endsWithTwoWhenThePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            process = start(List.of(), "--api=127.0.0.1:" + taken.getLocalPort());
            List<String> err = process.errorReader().lines().toList();
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
            assertEquals(2, process.exitValue());
            assertEquals(1, err.size(), err.toString());
            assertTrue(err.getFirst().startsWith("gatun: --api=127.0.0.1:" + taken.getLocalPort()), err.toString());
        }
    }

    @Test
    void endsWithTwoWhenTheStateDirectoryIsReadOnly() throws Exception {
        Path state = Files.createDirectory(directory.resolve("state"));
        List<String> readOnly = List.of(
                "unshare", "-m", "sh", "-c", "mount -t tmpfs -o ro none \"$0\" && exec \"$@\"", state.toString());
        process = start(readOnly, List.of(), "--api=127.0.0.1:" + freePort());
        List<String> err = process.errorReader().lines().toList();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(2, process.exitValue());
        assertEquals(List.of("gatun: --state-dir=" + state + " is not writable, give one that is"), err);
    }

    private Process start(List<String> flags, String... arguments) throws IOException {
        return start(List.of(), flags, arguments);
    }

    private Process start(List<String> before, List<String> flags, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
        command.addAll(flags);
        command.addAll(Arrays.asList(
                FakeGatun.class.getName(),
                "run",
                "--interface=lo",
                "--run-dir=" + directory.resolve("run"),
                "--state-dir=" + directory.resolve("state")));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command).start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
