package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What a process holds of the host: open descriptors, by what they are, and resident memory. */
record ProcessFootprint(long pid, List<String> descriptors, long residentKib) {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(50);

    static ProcessFootprint of(long pid) throws IOException {
        return new ProcessFootprint(pid, openDescriptors(pid), resident(pid));
    }

    /** Fails unless the process holds no more now than then. What it is about to close anyway is waited for. */
    void assertNoMore(ProcessFootprint later, long residentKibMax) throws IOException {
        long startNs = System.nanoTime();
        List<String> now = later.descriptors;
        while (now.size() > descriptors.size() && System.nanoTime() - startNs < PATIENCE_NS) {
            LockSupport.parkNanos(POLL_NS);
            now = openDescriptors(pid);
        }
        assertTrue(now.size() <= descriptors.size(), "open before: " + descriptors + ", now: " + now);
        long grownKib = later.residentKib - residentKib;
        assertTrue(grownKib < residentKibMax, "resident memory has grown by " + grownKib + " KiB");
    }

    private static List<String> openDescriptors(long pid) throws IOException {
        List<String> open = new ArrayList<>();
        try (Stream<Path> links = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path link : links.toList()) {
                try {
                    open.add(Files.readSymbolicLink(link).toString());
                } catch (NoSuchFileException e) {
                    // closed meanwhile
                }
            }
        }
        open.sort(null);
        return open;
    }

    private static long resident(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
