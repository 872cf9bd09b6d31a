package io.gatun.bench.demo;

import io.gatun.forwarder.counters.CountersFile;
import io.gatun.lab.Host;
import io.gatun.lab.LabException;
import io.gatun.lab.LabProcess;
import io.gatun.lab.ProcessSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A host that runs Gatun, as a process started by {@code scripts/gatun}. */
final class GatunNode {
    private static final Duration START = Duration.ofSeconds(60);
    /** A table of 16 MiB instead of 64: the run directory is memory. */
    private static final String CONNECTIONS = "65536";

    private static final String VRID = "80";

    private final Path program;
    private final Host host;
    private final Path directory;
    private final String peer;
    private LabProcess process;

    /**
     * @param directory of this node alone, in which run and state directories are made
     * @param peer address of the other node
     */
    GatunNode(Path program, Host host, Path directory, String peer) {
        this.program = program;
        this.host = host;
        this.directory = directory;
        this.peer = peer;
    }

    String name() {
        return host.name();
    }

    String address() {
        return host.address().getHostAddress();
    }

    String mac() {
        return host.mac();
    }

    /** Starts Gatun and does not wait. @return what was started, as a person would type it */
    String start() {
        List<String> options = List.of(
                "run",
                "--interface",
                "eth0",
                "--run-dir",
                runDirectory().toString(),
                "--state-dir",
                directory.resolve("state").toString(),
                "--api",
                address() + ":11111",
                "--conntrack-size",
                CONNECTIONS,
                "--vrid",
                VRID,
                "--peer",
                peer);
        process = host.start(ProcessSpec.of(joined(program.toString(), options))
                .named("gatun")
                .outputTo(log()));
        return "gatun " + String.join(" ", options);
    }

    /** The line {@code ready ...}. */
    String awaitReady() {
        return process.awaitLine("^ready ", START);
    }

    /** The counters of all agents by label, such as {@code rx_packets}. */
    Map<String, Long> counters() {
        Map<String, Long> sums = new TreeMap<>();
        CountersFile.read(runDirectory())
                .forEach((label, value) -> sums.merge(label.substring(label.indexOf(' ') + 1), value, Long::sum));
        return sums;
    }

    long counter(String label) {
        return counters().getOrDefault(label, 0L);
    }

    /** SIGTERM. @return the exit code */
    int stop() {
        return process.terminate();
    }

    /** SIGKILL. */
    void kill() {
        process.kill9();
    }

    /** Whether the interface carries an XDP program. */
    boolean isAttached() {
        return host.exec("ip", "link", "show", "dev", "eth0").stdout().contains("xdp");
    }

    /** The last words, for a failure; empty when there are none. */
    String tail() {
        try {
            return process == null ? "" : String.join("\n", process.tail(15));
        } catch (LabException e) {
            return e.getMessage();
        }
    }

    private Path runDirectory() {
        return directory.resolve("run");
    }

    private Path log() {
        return directory.resolve("gatun.log");
    }

    private static List<String> joined(String first, List<String> rest) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(rest);
        return all;
    }
}
