package io.gatun.bench.peers;

import io.gatun.lab.Host;
import io.gatun.lab.LabProcess;
import io.gatun.lab.ProcessSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** A proxy in user space with a configuration of its own, listening at the VIP. */
final class ProxyProcess implements Contender.Running {
    private static final long START_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long ASK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final LabProcess process;
    private final Path directory;
    private final Consumer<LabProcess> stop;

    private ProxyProcess(LabProcess process, Path directory, Consumer<LabProcess> stop) {
        this.process = process;
        this.directory = directory;
        this.stop = stop;
    }

    /**
     * Starts one, and returns when it listens.
     *
     * @param command to run with this configuration file, which is in a directory of its own
     * @param stop how to end it at once, connections or not
     */
    static ProxyProcess start(
            TcpBed bed, String configuration, Function<Path, List<String>> command, Consumer<LabProcess> stop) {
        bed.lb().link(TcpBed.DEVICE).add(TcpBed.VIP + "/32");
        Path file = write(configuration);
        LabProcess process = bed.lb().start(ProcessSpec.of(command.apply(file)));
        ProxyProcess proxy = new ProxyProcess(process, file.getParent(), stop);
        try {
            awaitListening(bed.lb(), process);
        } catch (RuntimeException e) {
            proxy.close();
            throw e;
        }
        return proxy;
    }

    private static Path write(String configuration) {
        try {
            return Files.writeString(
                    Files.createTempDirectory("gatun-bench-proxy-").resolve("proxy.conf"), configuration);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the configuration of a proxy", e);
        }
    }

    /** A proxy may say nothing when it listens, and a trial connection would reach the server. */
    private static void awaitListening(Host host, LabProcess process) {
        long deadline = System.nanoTime() + START_NS;
        while (host.exec("ss", "-Hltn", "sport", "=", ":" + TcpBed.PORT)
                .stdout()
                .isBlank()) {
            if (!process.alive() || System.nanoTime() - deadline >= 0) {
                throw new IllegalStateException(
                        process.name() + " does not listen, its last output: " + String.join("\n", process.tail(10)));
            }
            LockSupport.parkNanos(ASK_AGAIN_NS);
        }
    }

    /** Of the process and of its workers. */
    @Override
    public long cpuNs() {
        Path children =
                Path.of("/proc", Long.toString(process.pid()), "task", Long.toString(process.pid()), "children");
        try {
            long workersNs = Arrays.stream(Files.readString(children).strip().split(" ", -1))
                    .filter(pid -> !pid.isEmpty())
                    .mapToLong(pid -> new TaskClock(Long.parseLong(pid)).cpuNs())
                    .sum();
            return workersNs + new TaskClock(process.pid()).cpuNs();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + children, e);
        }
    }

    @Override
    public void close() {
        stop.accept(process);
        try (Stream<Path> below = Files.walk(directory)) {
            for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(directory + " is left behind", e);
        }
    }
}
