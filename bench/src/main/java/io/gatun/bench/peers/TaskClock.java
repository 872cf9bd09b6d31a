package io.gatun.bench.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** CPU time of a process or kernel thread, from /proc/PID/stat (proc_pid_stat(5)). */
final class TaskClock {
    /** USER_HZ is 100 on every architecture that Java runs on. */
    private static final long TICK_NS = 10_000_000;

    /** Fields 14 and 15 of the line, counted from the state, which is field 3. */
    private static final int UTIME = 11;

    private static final int STIME = 12;

    private final Path stat;

    /** Of a process with all its threads. */
    TaskClock(long pid) {
        this(Path.of("/proc", Long.toString(pid), "stat"));
    }

    private TaskClock(Path stat) {
        this.stat = stat;
    }

    /** Of one thread. */
    static TaskClock ofThread(long pid, int thread) {
        return new TaskClock(Path.of("/proc", Long.toString(pid), "task", Integer.toString(thread), "stat"));
    }

    /** User and system time, ns. */
    long cpuNs() {
        try {
            return parseNs(Files.readString(stat));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + stat + ", has the task ended?", e);
        }
    }

    static long parseNs(String line) {
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        return TICK_NS * (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]));
    }
}
