package io.gatun.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The JVM that opened a lab. A pid alone may be reused, so its start time counts too, and the boot in which it counts.
 *
 * @param pid process id
 * @param startTicks clock ticks from boot to start, field 22 of proc_pid_stat(5)
 * @param bootId {@code /proc/sys/kernel/random/boot_id}
 */
record Owner(long pid, long startTicks, String bootId) {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    static Owner self() {
        long pid = ProcessHandle.current().pid();
        try {
            return new Owner(pid, startTicks(pid), Files.readString(BOOT_ID).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("/proc is not readable, mount it", e);
        }
    }

    boolean alive() {
        try {
            return startTicks(pid) == startTicks
                    && Files.readString(BOOT_ID).strip().equals(bootId);
        } catch (IOException gone) {
            return false;
        }
    }

    private static long startTicks(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        // Field 2 is the program's name in parentheses and may hold anything; field 3 follows the last one.
        String[] fromField3 = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fromField3[22 - 3]);
    }
}
