package io.gatun.bench.peers;

import io.gatun.lab.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts what this process starts before the other work of the machine, so that the two CPUs are as good as their own.
 * Niceness counts within a session only where sched_autogroup(7) is on, so the session's group is raised too; it falls
 * back when this JVM ends, however it ends but by SIGKILL.
 */
public final class Priority {
    static final int HIGHEST = -20;

    private static final Path AUTOGROUP = Path.of("/proc/self/autogroup");
    private static final Pattern NICE = Pattern.compile("nice (-?\\d+)");

    private Priority() {}

    /**
     * Raises this process's session; its own niceness is inherited from {@code nice(1)}.
     *
     * @return whether there is such a group and it was raised
     */
    public static boolean raiseSession() {
        try {
            Matcher present = NICE.matcher(Files.readString(AUTOGROUP));
            if (!present.find()) {
                return false;
            }
            String before = present.group(1);
            Files.writeString(AUTOGROUP, Integer.toString(HIGHEST));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> restore(before), "bench-priority"));
            return true;
        } catch (IOException none) {
            return false;
        }
    }

    private static void restore(String nice) {
        try {
            Files.writeString(AUTOGROUP, nice);
        } catch (IOException e) {
            throw new LabException(AUTOGROUP + " stays at nice " + HIGHEST + ", set it back to " + nice, e);
        }
    }
}
