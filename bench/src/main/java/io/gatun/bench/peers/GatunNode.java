package io.gatun.bench.peers;

import io.gatun.forwarder.agent.ForwarderOptions;
import io.gatun.forwarder.agent.LocalForwarder;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.Selection;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Main class of the process that {@link GatunContender} starts: a forwarder with the one service of the testbed. */
public final class GatunNode {
    private static final int CONNECTIONS = 100_000;
    private static final int IDLE_TIMEOUT_S = 60;
    private static final Path TMPFS = Path.of("/dev/shm");

    private GatunNode() {}

    /**
     * Prints {@code ready} and the port when it forwards, and runs until it is killed.
     *
     * @param args the interface
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path runDirectory = Files.isDirectory(TMPFS)
                ? Files.createTempDirectory(TMPFS, "gatun-bench-")
                : Files.createTempDirectory("gatun-bench-");
        AtomicReference<LocalForwarder> started = new AtomicReference<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(started.get(), runDirectory)));
        LocalForwarder forwarder = LocalForwarder.start(options(args[0], runDirectory), failure -> {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
        started.set(forwarder);
        forwarder.put(new ServiceSpec(
                ServiceKey.of(Testbed.VIP, Protocol.UDP, Testbed.SERVICE_PORT),
                "bench",
                NatMode.ONE_ARM,
                Selection.ROUND_ROBIN,
                IDLE_TIMEOUT_S,
                List.of(new EndpointSpec(Testbed.ENDPOINT, Testbed.ENDPOINT_PORT, 1))));
        forwarder.attach();
        System.out.println("ready " + forwarder.ports());
        new CountDownLatch(1).await();
    }

    private static ForwarderOptions options(String interfaceName, Path runDirectory) {
        return new ForwarderOptions(
                List.of(interfaceName),
                runDirectory,
                CONNECTIONS,
                ForwarderOptions.Snat.VIP,
                null,
                0,
                0,
                ForwarderOptions.Idle.SPIN);
    }

    private static void close(LocalForwarder forwarder, Path runDirectory) {
        if (forwarder != null) {
            forwarder.counters().forEach((label, value) -> System.out.println(label + " " + value));
            forwarder.close();
        }
        delete(runDirectory);
    }

    private static void delete(Path directory) {
        try (Stream<Path> below = Files.walk(directory)) {
            for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            System.err.println(directory + " is left behind: " + e);
        }
    }
}
