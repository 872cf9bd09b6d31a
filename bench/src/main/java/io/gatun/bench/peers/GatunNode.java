package io.gatun.bench.peers;

import io.gatun.forwarder.agent.ForwarderOptions;
import io.gatun.forwarder.agent.LocalForwarder;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.IoEngine;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.PortSnapshot;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.Selection;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.control.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Main class of the process that {@link GatunContender} starts: a forwarder with the one service of the testbed. */
public final class GatunNode {
    private static final int CONNECTIONS = 100_000;

    /** A table that is fuller than three quarters forgets sooner what was not answered. */
    private static final double ROOM = 1.5;

    /** The far end answers nothing; nftables keeps such flows for 30 s, and of many flows each comes seldom. */
    private static final int UNANSWERED_S = 60;

    private static final int IDLE_TIMEOUT_S = 60;
    private static final Path TMPFS = Path.of("/dev/shm");

    private GatunNode() {}

    /**
     * What the process is told.
     *
     * @param device the interface
     * @param protocol of the one service
     * @param port at the VIP
     * @param endpointPort at the endpoint
     * @param endpoints how many there are, on ports from this one on
     * @param connections that the table holds
     * @param idle what agents do when there is nothing to do
     * @param agentPriority of the agents, or 0
     * @param io the engine
     */
    record Arguments(
            String device,
            Protocol protocol,
            int port,
            int endpointPort,
            int endpoints,
            int connections,
            ForwarderOptions.Idle idle,
            int agentPriority,
            IoEngine io) {
        /** One endpoint, and room for all cases that do not ask for more. */
        Arguments(
                String device,
                Protocol protocol,
                int port,
                int endpointPort,
                ForwarderOptions.Idle idle,
                int agentPriority,
                IoEngine io) {
            this(device, protocol, port, endpointPort, 1, CONNECTIONS, idle, agentPriority, io);
        }

        /** A testbed's service. */
        static Arguments of(Testbed bed, ForwarderOptions.Idle idle, int agentPriority) {
            int count = bed.flows().count();
            return new Arguments(
                    Testbed.DEVICE,
                    Protocol.UDP,
                    Testbed.SERVICE_PORT,
                    Testbed.ENDPOINT_PORT,
                    bed.flows().endpoints(),
                    Math.max(CONNECTIONS, (int) (ROOM * count)),
                    idle,
                    agentPriority,
                    IoEngine.XDP);
        }

        String[] words() {
            return new String[] {
                device,
                protocol.name(),
                Integer.toString(port),
                Integer.toString(endpointPort),
                Integer.toString(endpoints),
                Integer.toString(connections),
                idle.name(),
                Integer.toString(agentPriority),
                io.name()
            };
        }

        static Arguments parse(String[] words) {
            return new Arguments(
                    words[0],
                    Protocol.valueOf(words[1]),
                    Integer.parseInt(words[2]),
                    Integer.parseInt(words[3]),
                    Integer.parseInt(words[4]),
                    Integer.parseInt(words[5]),
                    ForwarderOptions.Idle.valueOf(words[6]),
                    Integer.parseInt(words[7]),
                    IoEngine.valueOf(words[8]));
        }
    }

    /**
     * Prints {@code ready} and the port when it forwards, and runs until it is killed.
     *
     * @param words of {@link Arguments}
     */
    public static void main(String[] words) throws IOException, InterruptedException {
        Arguments arguments = Arguments.parse(words);
        Path runDirectory = Files.isDirectory(TMPFS)
                ? Files.createTempDirectory(TMPFS, "gatun-bench-")
                : Files.createTempDirectory("gatun-bench-");
        AtomicReference<LocalForwarder> started = new AtomicReference<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(started.get(), runDirectory)));
        LocalForwarder forwarder = LocalForwarder.start(options(arguments, runDirectory), failure -> {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
        started.set(forwarder);
        Settings usual = forwarder.settings();
        forwarder.settings(usual.withTimeouts(usual.timeouts().withUnansweredS(UNANSWERED_S)));
        forwarder.put(new ServiceSpec(
                ServiceKey.of(Testbed.VIP, arguments.protocol(), arguments.port()),
                "bench",
                NatMode.ONE_ARM,
                Selection.ROUND_ROBIN,
                IDLE_TIMEOUT_S,
                IntStream.range(0, arguments.endpoints())
                        .mapToObj(i -> new EndpointSpec(Testbed.ENDPOINT, arguments.endpointPort() + i, 1))
                        .toList()));
        forwarder.attach();
        PortSnapshot port = forwarder.ports().getFirst();
        System.out.println("ready engine=" + port.engine() + " mode=" + port.mode() + " queues=" + port.queues() + ", "
                + port.reason());
        new CountDownLatch(1).await();
    }

    private static ForwarderOptions options(Arguments arguments, Path runDirectory) {
        return new ForwarderOptions(
                List.of(arguments.device()),
                runDirectory,
                arguments.connections(),
                0,
                0,
                ForwarderOptions.Snat.VIP,
                null,
                0,
                0,
                arguments.idle(),
                arguments.agentPriority(),
                arguments.io(),
                null,
                null,
                false);
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
