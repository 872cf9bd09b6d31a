package io.gatun.bench.failover;

import io.gatun.forwarder.counters.CountersFile;
import io.gatun.lab.Host;
import io.gatun.lab.LabProcess;
import io.gatun.lab.ProcessSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Two Gatuns with VRRP that are each other's peers, started by {@code scripts/gatun}. */
final class GatunFailover implements FailoverContender {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final String UNSYNCED = "sync sync_unsynced";

    private final Path program;

    /** Nodes that this program starts. */
    GatunFailover(Path program) {
        this.program = program;
    }

    @Override
    public String name() {
        return "gatun";
    }

    @Override
    public String setup() {
        return "two nodes, VRRPv3 and an exchange of connections by --peer, one-arm, round robin";
    }

    @Override
    public Pair start(FailoverBed bed, int advertMs) throws Exception {
        Path run = bed.directory(bed.first()).resolve("run");
        LabProcess first = run(bed, bed.first(), bed.second(), advertMs);
        first.awaitLine("VRRP .* is ACTIVE", PATIENCE);
        LabProcess second = run(bed, bed.second(), bed.first(), advertMs);
        second.awaitLine("VRRP .* is BACKUP", PATIENCE);
        return new Nodes(run, first, second);
    }

    private LabProcess run(FailoverBed bed, Host host, Host peer, int advertMs) throws Exception {
        Path directory = bed.directory(host);
        String address = host.address().getHostAddress();
        LabProcess process = host.start(ProcessSpec.of(
                        program.toString(),
                        "run",
                        "--interface=" + FailoverBed.DEVICE,
                        "--run-dir=" + directory.resolve("run"),
                        "--state-dir=" + directory.resolve("state"),
                        "--api=" + address + ":11111",
                        "--peer=" + peer.address().getHostAddress(),
                        "--advert-interval=" + advertMs + "ms",
                        "--no-preempt")
                .named("gatun")
                .outputTo(directory.resolve("gatun.log")));
        process.awaitLine("^ready ", PATIENCE);
        String endpoints = String.join(":1,", FailoverBed.ENDPOINTS) + ":1";
        rule(host, address, endpoints, "--tcp=" + FailoverBed.TCP_PORT + ":" + FailoverBed.TCP_PORT);
        rule(host, address, endpoints, "--udp=" + FailoverBed.UDP_PORT + ":" + FailoverBed.UDP_PORT);
        return process;
    }

    private void rule(Host host, String api, String endpoints, String ports) {
        host.exec(List.of(
                program.toString(),
                "create",
                "lb",
                FailoverBed.VIP,
                ports,
                "--endpoints=" + endpoints,
                "--mode=onearm",
                "--apiserver=" + api));
    }

    private record Nodes(Path run, LabProcess first, LabProcess second) implements Pair {
        @Override
        public void settle() {
            long startNs = System.nanoTime();
            Map<String, Long> counters = CountersFile.read(run);
            while (counters.get(UNSYNCED) != 0) {
                if (System.nanoTime() - startNs > PATIENCE.toNanos()) {
                    throw new IllegalStateException(counters.get(UNSYNCED) + " connections were not copied");
                }
                LockSupport.parkNanos(POLL_NS);
                counters = CountersFile.read(run);
            }
        }

        @Override
        public void kill() {
            first.kill9();
        }

        @Override
        public void close() {
            second.terminate();
        }
    }
}
