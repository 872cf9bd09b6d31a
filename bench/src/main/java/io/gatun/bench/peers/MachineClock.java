package io.gatun.bench.peers;

import io.gatun.bench.traffic.Cpu;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** CPU time of the machine whoever used it, from /proc/stat (proc_stat(5)): all work but neither idle nor stolen time. */
public final class MachineClock {
    private static final Path STAT = Path.of("/proc/stat");
    /** USER_HZ is 100 on every architecture that Java runs on. */
    private static final long TICK_NS = 10_000_000;

    /** Columns after the name: user, nice, system, idle, iowait, irq, softirq. */
    private static final int[] BUSY = {1, 2, 3, 6, 7};

    private MachineClock() {}

    /** Busy time of all CPUs since boot, ns. */
    public static long busyNs() {
        return parseNs(lines(), "cpu");
    }

    /** Busy time of one CPU since boot, ns. */
    public static long busyNs(Cpu cpu) {
        return parseNs(lines(), "cpu" + cpu.number());
    }

    static long parseNs(List<String> lines, String name) {
        for (String line : lines) {
            String[] columns = line.split(" +", -1);
            if (columns[0].equals(name)) {
                long ticks = 0;
                for (int column : BUSY) {
                    ticks += Long.parseLong(columns[column]);
                }
                return TICK_NS * ticks;
            }
        }
        throw new IllegalStateException(STAT + " has no line " + name + ", is that CPU online?");
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(STAT);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + STAT, e);
        }
    }
}
