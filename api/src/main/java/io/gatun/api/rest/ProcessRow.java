package io.gatun.api.rest;

import io.gatun.api.model.ProcessStatus;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** This process as proc(5) tells it. */
final class ProcessRow {
    /** Of /proc/PID/stat, counted from behind the name in parentheses. */
    private static final int PRIORITY = 15;

    private static final int NICE = 16;
    private static final double PER_CENT = 100;

    private ProcessRow() {}

    /** @param proc where proc(5) is mounted */
    static ProcessStatus read(Path proc) throws IOException {
        Map<String, String> status = fields(proc.resolve("self/status"));
        Map<String, String> memory = fields(proc.resolve("meminfo"));
        String stat = Files.readString(proc.resolve("self/stat"));
        List<String> numbers = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        ProcessHandle self = ProcessHandle.current();
        Duration used = self.info().totalCpuDuration().orElse(Duration.ZERO);
        long livedMs = ManagementFactory.getRuntimeMXBean().getUptime();
        return new ProcessStatus(
                Long.toString(self.pid()),
                System.getProperty("user.name"),
                numbers.get(PRIORITY),
                numbers.get(NICE),
                kib(status, "VmSize"),
                kib(status, "VmRSS"),
                Long.toString(Long.parseLong(kib(status, "RssFile")) + Long.parseLong(kib(status, "RssShmem"))),
                status.getOrDefault("State", "?").substring(0, 1),
                share(used.toMillis(), Math.max(1, livedMs)),
                share(Long.parseLong(kib(status, "VmRSS")), Math.max(1, Long.parseLong(kib(memory, "MemTotal")))),
                String.format(
                        Locale.ROOT, "%d:%02d.%02d", used.toMinutes(), used.toSecondsPart(), used.toMillisPart() / 10),
                "gatun");
    }

    private static Map<String, String> fields(Path file) throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        return fields;
    }

    /** {@code 1234 kB} without its unit. */
    private static String kib(Map<String, String> fields, String name) {
        String value = fields.getOrDefault(name, "0");
        int blank = value.indexOf(' ');
        return blank < 0 ? value : value.substring(0, blank);
    }

    private static String share(long part, long whole) {
        return String.format(Locale.ROOT, "%.1f", PER_CENT * part / whole);
    }
}
