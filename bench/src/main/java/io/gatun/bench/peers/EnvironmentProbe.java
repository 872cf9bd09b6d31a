package io.gatun.bench.peers;

import io.gatun.bench.report.Environment;
import io.gatun.lab.ExecResult;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.LinkSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says where figures come from. */
public final class EnvironmentProbe {
    private static final String UNKNOWN = "unknown";
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final Path LOAD = Path.of("/proc/loadavg");
    private static final Pattern MODEL = Pattern.compile("(?m)^(?:model name|CPU part)\\s*:\\s*(.+)$");
    private static final Pattern MEMORY = Pattern.compile("(?m)^MemTotal:\\s*(\\d+) kB$");
    private static final Pattern OFFLOAD = Pattern.compile("(?m)^\\s*([a-z0-9-]+): on\\b");
    private static final Duration EXEC_TIME = Duration.ofSeconds(10);

    private EnvironmentProbe() {}

    /**
     * This machine, now.
     *
     * @param home root of Gatun's tree
     */
    public static Environment take(Path home) {
        return new Environment(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                commit(home),
                System.getProperty("os.version"),
                cpu(text(CPUINFO)),
                Runtime.getRuntime().availableProcessors(),
                memoryMb(text(MEMINFO)),
                System.getProperty("java.vm.version"),
                Lab.isRoot() ? offloadsOfANewLink() : List.of(),
                load(text(LOAD)));
    }

    /** The first processor's model, of {@code /proc/cpuinfo}. */
    static String cpu(String cpuinfo) {
        Matcher model = MODEL.matcher(cpuinfo);
        return model.find() ? model.group(1).strip() : System.getProperty("os.arch");
    }

    /** All memory, of {@code /proc/meminfo}. */
    static int memoryMb(String meminfo) {
        Matcher memory = MEMORY.matcher(meminfo);
        return memory.find() ? (int) (Long.parseLong(memory.group(1)) >> 10) : 0;
    }

    /** What is on, of the output of {@code ethtool -k}. */
    static List<String> offloads(String features) {
        return OFFLOAD.matcher(features).results().map(each -> each.group(1)).toList();
    }

    /** The first number of {@code /proc/loadavg}. */
    static double load(String loadavg) {
        int end = loadavg.indexOf(' ');
        return end < 0 ? 0 : Double.parseDouble(loadavg.substring(0, end));
    }

    private static List<String> offloadsOfANewLink() {
        try (Lab lab = Lab.open("bench")) {
            Host one = lab.bare("one");
            Host other = lab.bare("other");
            lab.wire(one, LinkSpec.of("192.168.80.1/24"), other, LinkSpec.of("192.168.80.2/24"));
            ExecResult ended = one.tryExec(EXEC_TIME, List.of("ethtool", "-k", Testbed.DEVICE));
            return offloads(ended.stdout());
        }
    }

    private static String commit(Path home) {
        try {
            Process git = new ProcessBuilder(
                            "git",
                            "-C",
                            home.toString(),
                            "describe",
                            "--always",
                            "--exclude=*",
                            "--abbrev=12",
                            "--dirty")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            boolean isKnown = git.waitFor(EXEC_TIME.toSeconds(), TimeUnit.SECONDS) && git.exitValue() == 0;
            return isKnown ? text : UNKNOWN;
        } catch (IOException noGit) {
            return UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
