package io.gatun.bench.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The limit of the kernel's connection tables and the size of their common hash. Namespaces cannot set them for
 * themselves (nf_conntrack_standalone_init_sysctl of the kernel), so the machine's are raised, and put back when this JVM
 * ends.
 */
final class ConntrackRoom {
    private static final Path MAX = Path.of("/proc/sys/net/netfilter/nf_conntrack_max");
    private static final Path BUCKETS = Path.of("/sys/module/nf_conntrack/parameters/hashsize");

    /** More than flows, as those of a bench before may still be on their way out. */
    private static final double ROOM = 1.25;

    private static final int DIGITS_MAX = 32;

    private static final Map<Path, Integer> BEFORE = new LinkedHashMap<>();

    private ConntrackRoom() {}

    /** Makes room for so many connections in each table, a bucket for each; leaves alone what is large enough. */
    static void raise(int connections) {
        int wanted = (int) (connections * ROOM);
        raise(BUCKETS, wanted);
        raise(MAX, wanted);
    }

    private static void raise(Path file, int wanted) {
        try {
            int before = number(file);
            if (before >= wanted) {
                return;
            }
            Files.writeString(file, Integer.toString(wanted));
            if (BEFORE.isEmpty()) {
                Runtime.getRuntime().addShutdownHook(new Thread(ConntrackRoom::restore, "bench-conntrack"));
            }
            BEFORE.putIfAbsent(file, before);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot raise " + file + " to " + wanted + ", measure fewer flows, or raise it by hand", e);
        }
    }

    /** In one read: the second of such a file finds its end, and Files.readString begins with one byte. */
    static int number(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] digits = new byte[DIGITS_MAX];
            int length = in.read(digits);
            return Integer.parseInt(new String(digits, 0, Math.max(0, length), StandardCharsets.US_ASCII).strip());
        }
    }

    private static void restore() {
        BEFORE.forEach((file, value) -> {
            try {
                Files.writeString(file, Integer.toString(value));
            } catch (IOException e) {
                System.err.println("bench: " + file + " stays raised, it was " + value + ": " + e.getMessage());
            }
        });
    }
}
