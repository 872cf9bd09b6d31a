package io.gatun.bench.peers;

import io.gatun.lab.Host;
import io.gatun.lab.LabProcess;
import io.gatun.lab.ProcessSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** HAProxy in TCP mode: two connections, and every byte through user space. */
public final class HaproxyTcp implements TcpContender {
    private static final long START_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long ASK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(20);

    @Override
    public String name() {
        return "haproxy";
    }

    @Override
    public String setup() {
        return "mode tcp, one server, a thread for each CPU, all else at its defaults";
    }

    @Override
    public Contender.Running start(TcpBed bed) {
        bed.lb().link(TcpBed.DEVICE).add(TcpBed.VIP + "/32");
        Path file = write();
        LabProcess process = bed.lb().start(ProcessSpec.of("haproxy", "-db", "-f", file.toString()));
        Proxy proxy = new Proxy(process, new TaskClock(process.pid()), file);
        try {
            awaitListening(bed.lb(), process);
        } catch (RuntimeException e) {
            proxy.close();
            throw e;
        }
        return proxy;
    }

    private static String configuration() {
        return """
                global
                  maxconn 100
                defaults
                  mode tcp
                  timeout connect 5s
                  timeout client 1m
                  timeout server 1m
                listen bench
                  bind %s:%d
                  server one %s:%d
                """.formatted(TcpBed.VIP, TcpBed.PORT, TcpBed.SERVER, TcpBed.PORT);
    }

    private static Path write() {
        try {
            Path file = Files.createTempFile("gatun-bench-haproxy-", ".cfg");
            return Files.writeString(file, configuration());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the configuration of haproxy", e);
        }
    }

    /** It says nothing when it listens, and a trial connection would reach the server. */
    private static void awaitListening(Host host, LabProcess process) {
        long deadline = System.nanoTime() + START_NS;
        while (host.exec("ss", "-Hltn", "sport", "=", ":" + TcpBed.PORT)
                .stdout()
                .isBlank()) {
            if (!process.alive() || System.nanoTime() - deadline >= 0) {
                throw new IllegalStateException(
                        "haproxy does not listen, its last output: " + String.join("\n", process.tail(10)));
            }
            LockSupport.parkNanos(ASK_AGAIN_NS);
        }
    }

    private record Proxy(LabProcess process, TaskClock clock, Path file) implements Contender.Running {
        @Override
        public long cpuNs() {
            return clock.cpuNs();
        }

        @Override
        public void close() {
            try {
                process.kill9(); // on SIGTERM it would wait for the last connection
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(file + " is left behind", e);
            }
        }
    }
}
