package io.gatun.forwarder.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/** A network namespace of one test, deleted when it is closed. */
@SuppressWarnings("restricted") // setns(2) is called for the test's thread only
public final class TestNamespace implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int CLONE_NEWNET = 0x40000000;
    private static final MethodHandle OPEN =
            link("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle SETNS = link("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    private final String name;

    private TestNamespace(String name) {
        this.name = name;
    }

    /** Skips the test where namespaces cannot be made. */
    public static void assumeAvailable() {
        boolean root = "root".equals(System.getProperty("user.name"));
        Assumptions.assumeTrue(
                root && Files.isExecutable(Path.of("/sbin/ip")), "needs root and iproute2 for namespaces");
    }

    public static TestNamespace create() {
        String name = "gt-netlink-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        execute(List.of("ip", "netns", "add", name));
        return new TestNamespace(name);
    }

    public String name() {
        return name;
    }

    /** Runs {@code ip -n NAME} with words separated by spaces. */
    public void ip(String words) {
        List<String> command = new ArrayList<>(List.of("ip", "-n", name));
        command.addAll(Arrays.asList(words.split(" ")));
        execute(command);
    }

    /** Feeds many commands to one {@code ip -batch}. */
    public void ipBatch(List<String> lines) throws IOException {
        Path file = Files.createTempFile("gatun", ".batch");
        try {
            Files.write(file, lines);
            execute(List.of("ip", "-n", name, "-batch", file.toString()));
        } finally {
            Files.delete(file);
        }
    }

    /** Runs the body on a new thread inside the namespace. */
    public <T> T call(Callable<T> body) throws Exception {
        FutureTask<T> task = new FutureTask<>(() -> {
            enter();
            return body.call();
        });
        Thread.ofPlatform().name(name).start(task);
        try {
            return task.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        execute(List.of("ip", "netns", "del", name));
    }

    private void enter() {
        Libc libc = Libc.system();
        try (Arena arena = Arena.ofConfined()) {
            int fd = (int) OPEN.invokeExact(arena.allocateFrom("/run/netns/" + name), 0);
            int result = (int) SETNS.invokeExact(fd, CLONE_NEWNET);
            libc.close(fd);
            if (result != 0) {
                throw new AssertionError("setns(" + name + ") failed");
            }
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    private static MethodHandle link(String symbol, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().find(symbol).orElseThrow(), descriptor, options);
    }

    private static void execute(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(command + ": " + output);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
