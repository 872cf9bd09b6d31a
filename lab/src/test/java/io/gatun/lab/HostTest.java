package io.gatun.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands, processes and threads in a host. */
@LabTest
class HostTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void commandRunsInsideAndReturnsItsOutput(Lab lab) {
        Host host = lab.host("a", "10.0.0.1/24");

        assertTrue(host.exec("ip", "-br", "addr", "show", "eth0").stdout().contains("10.0.0.1/24"));
        assertEquals(new ExecResult(3, "out\n", "err\n"), host.tryExec("sh", "-c", "echo out; echo err >&2; exit 3"));
    }

    @Test
    void failedCommandIsToldWithAllItsStderr(Lab lab) {
        Host host = lab.bare("a");

        LabException e = assertThrows(LabException.class, () -> host.exec("ip", "link", "show", "eth9"));
        assertTrue(e.getMessage().contains("exit code 1"), e.getMessage());
        assertTrue(e.getMessage().contains("Device \"eth9\" does not exist"), e.getMessage());
        assertTrue(host.tryExec("no-such-program").stderr().contains("no-such-program"));
    }

    @Test
    void commandThatDoesNotEndIsKilledAtTheDeadline(Lab lab) {
        Host host = lab.bare("a");

        LabException e = assertThrows(
                LabException.class,
                () -> host.exec(Duration.ofMillis(200), List.of("sh", "-c", "echo begun; sleep 1000")));
        assertTrue(e.getMessage().contains("still ran after 200 ms, killed"), e.getMessage());
        assertTrue(e.getMessage().contains("stdout: begun"), e.getMessage());
        assertEquals(List.of(), host.ns().processes());
    }

    @Test
    void threadInsideSeesTheHostsNetworkAndNoOther(Lab lab) throws Exception {
        Host one = lab.host("one", "10.0.0.1/24");
        Host two = lab.host("two", "10.0.0.2/24");
        String outside = namespaceOfThisThread();

        assertEquals(InetAddress.ofLiteral("10.0.0.1"), one.call(HostTest::addressOfEth0));
        assertEquals(InetAddress.ofLiteral("10.0.0.2"), two.call(HostTest::addressOfEth0));
        assertFalse(one.call(HostTest::namespaceOfThisThread).equals(two.call(HostTest::namespaceOfThisThread)));
        assertEquals(outside, namespaceOfThisThread());
    }

    @Test
    void twoHostsOfOneJvmListenOnTheSamePortAndTalk(Lab lab) throws Exception {
        Host one = lab.host("one", "10.0.0.1/24");
        Host two = lab.host("two", "10.0.0.2/24");

        try (ServerSocket first = one.call(() -> new ServerSocket(80));
                ServerSocket second = two.call(() -> new ServerSocket(80));
                Socket client = one.call(() -> connect(two.address(), 80));
                Socket accepted = second.accept()) {
            // A socket stays in the namespace it was opened in, whichever thread uses it then.
            assertEquals(one.address(), accepted.getInetAddress());
            client.getOutputStream().write(42);
            assertEquals(42, accepted.getInputStream().read());
            assertTrue(first.isBound());
        }
    }

    @Test
    void whatTheThreadThrowsReachesTheCaller(Lab lab) {
        Host host = lab.bare("a");
        IOException thrown = new IOException("mine");

        assertSame(
                thrown,
                assertThrows(
                        IOException.class,
                        () -> host.run(() -> {
                            throw thrown;
                        })));
    }

    @Test
    void executorOfTheHostsThreadsStaysInside(Lab lab) throws Exception {
        Host host = lab.bare("a");

        try (ExecutorService executor = Executors.newFixedThreadPool(2, host.threads())) {
            String expected = host.call(HostTest::namespaceOfThisThread);
            assertEquals(
                    expected, executor.submit(HostTest::namespaceOfThisThread).get());
        }
    }

    @Test
    void processIsTheProgramItself(Lab lab) throws IOException {
        Host host = lab.bare("a");
        LabProcess process =
                host.start(ProcessSpec.of("sh", "-c", "echo pid $$ $COLOUR; echo oops >&2; exec sleep 1000")
                        .with("COLOUR", "green"));

        assertEquals("pid " + process.pid() + " green", process.awaitLine("^pid \\d+", SOON));
        assertEquals("oops", process.awaitLine("oops", SOON));
        assertTrue(process.alive());
        assertEquals(128 + 9, process.kill9());
        assertFalse(process.alive());
        assertFalse(Files.exists(Path.of("/proc", Long.toString(process.pid()))));
    }

    @Test
    void stopIsPoliteFirstAndThenNot(Lab lab) {
        Host host = lab.bare("a");
        LabProcess polite =
                host.start("sh", "-c", "trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.1; done");
        polite.awaitLine("up", SOON);

        assertEquals(7, polite.terminate());
        assertEquals(List.of("up", "bye"), polite.tail(10));
    }

    @Test
    void lineThatNeverComesIsToldWithTheOutput(Lab lab) {
        Host host = lab.bare("a");
        LabProcess ended = host.start(
                ProcessSpec.of("sh", "-c", "echo no such file; exit 4").named("server"));

        LabException e = assertThrows(LabException.class, () -> ended.awaitLine("listening", SOON));
        assertTrue(e.getMessage().contains("a/server"), e.getMessage());
        assertTrue(e.getMessage().contains("no such file"), e.getMessage());
        assertEquals(4, ended.awaitExit(SOON));

        LabProcess silent = host.start("sleep", "1000");
        LabException late =
                assertThrows(LabException.class, () -> silent.awaitLine("listening", Duration.ofMillis(50)));
        assertTrue(late.getMessage().contains("in 50 ms"), late.getMessage());
    }

    @Test
    void laterLineIsToldFromAnEarlierOne(Lab lab) {
        Host host = lab.bare("a");
        LabProcess process = host.start("sh", "-c", "echo role MASTER; echo role BACKUP; sleep 1000");
        process.awaitLine("BACKUP", SOON);

        assertEquals("role MASTER", process.awaitLine("role", SOON));
        assertEquals("role BACKUP", process.awaitLine(1, "role", SOON));
        assertEquals(2, process.lineCount());
    }

    @Test
    void outputGoesToAFileAndIsFollowed(Lab lab, @TempDir Path directory) throws IOException {
        Host host = lab.bare("a");
        Path file = directory.resolve("out");
        Files.writeString(file, "of the run before\n");
        LabProcess process = host.start(ProcessSpec.of("sh", "-c", "echo one; echo two; exec sleep 1000")
                .outputTo(file));

        process.awaitLine("two", SOON);
        assertEquals(List.of("one", "two"), process.tail(10));
        process.kill9();
        assertEquals("of the run before\none\ntwo\n", Files.readString(file));
    }

    private static Socket connect(InetAddress address, int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(address, port), 2000);
        return socket;
    }

    private static InetAddress addressOfEth0() throws IOException {
        return NetworkInterface.getByName("eth0")
                .inetAddresses()
                .filter(address -> address.getAddress().length == 4)
                .findFirst()
                .orElseThrow();
    }

    private static String namespaceOfThisThread() throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
    }
}
