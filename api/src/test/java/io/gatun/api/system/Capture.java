package io.gatun.api.system;

import io.gatun.lab.Host;
import io.gatun.lab.LabProcess;
import java.time.Duration;
import java.util.List;

/** {@code tcpdump} on {@code eth0} of a host: one line per frame, link-layer addresses included. */
final class Capture implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int ALL = 4096;

    private final LabProcess tcpdump;

    private Capture(LabProcess tcpdump) {
        this.tcpdump = tcpdump;
    }

    /** Returns when frames that match are seen from now on. */
    static Capture start(Host host, String filter) {
        LabProcess tcpdump = host.start("tcpdump", "-i", "eth0", "-n", "-e", "-l", "--immediate-mode", filter);
        tcpdump.awaitLine("^listening on", PATIENCE);
        return new Capture(tcpdump);
    }

    /** The first frame, seen already or yet to come, in whose line {@code regex} is found. */
    String await(String regex) {
        return tcpdump.awaitLine(regex, PATIENCE);
    }

    /** Stops it. @return all frames that it saw */
    List<String> frames() {
        tcpdump.terminate();
        return tcpdump.tail(ALL).stream()
                .filter(line -> line.matches("\\d\\d:\\d\\d:\\d\\d\\..*"))
                .toList();
    }

    @Override
    public void close() {
        tcpdump.terminate();
    }
}
