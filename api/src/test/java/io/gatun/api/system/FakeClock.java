package io.gatun.api.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The time of day of one process, by libfaketime: it jumps as it would by settimeofday(2), CLOCK_REALTIME does and
 * CLOCK_MONOTONIC does not. A real change would be one of the whole machine, with all that else runs there.
 */
final class FakeClock {
    private static final String LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

    private final Path file;

    private FakeClock(Path file) {
        this.file = file;
    }

    /** A clock that is right, and can be changed by this file. */
    static FakeClock in(Path file) throws IOException {
        FakeClock clock = new FakeClock(file);
        clock.offset("+0");
        return clock;
    }

    /** From now on it differs by so much, such as {@code +1h} or {@code -1d}. */
    void offset(String offset) throws IOException {
        Files.writeString(file, offset);
    }

    /** What makes a command run by it. */
    List<String> command(List<String> command) {
        List<String> all = new ArrayList<>(List.of(
                "env",
                "LD_PRELOAD=" + LIBRARY,
                "FAKETIME_TIMESTAMP_FILE=" + file,
                "FAKETIME_NO_CACHE=1",
                "FAKETIME_DONT_FAKE_MONOTONIC=1",
                "DONT_FAKE_MONOTONIC=1", // of versions before 0.9.9
                "FAKETIME_FORCE_MONOTONIC_FIX=0")); // which would have waits of the JVM return at once
        all.addAll(command);
        return all;
    }
}
