package io.gatun.bench.product;

import io.gatun.bench.peers.Testbed;
import io.gatun.bench.traffic.Cpu;
import io.gatun.forwarder.counters.CountersFile;
import io.gatun.lab.Host;
import io.gatun.lab.LabProcess;
import io.gatun.lab.ProcessSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A {@code gatun run} in the testbed's forwarder host. */
final class Node implements AutoCloseable {
    static final String API = "127.0.0.1";
    static final int API_PORT = 11_111;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");
    private static final Pattern ANONYMOUS = Pattern.compile("(?m)^RssAnon:\\s+(\\d+) kB$");
    private static final int KIB = 1_024;
    private static final String CONNECTIONS = "table connections";

    private final Host host;
    private final List<String> command;
    private final Path directory;
    private LabProcess process;

    private Node(Host host, List<String> command, Path directory) {
        this.host = host;
        this.command = command;
        this.directory = directory;
    }

    /** The modes of a rule, by loxilb's numbers. */
    enum Mode {
        DNAT(0),
        ONE_ARM(1);

        private final int number;

        Mode(int number) {
            this.number = number;
        }
    }

    /** Starts one with a UDP rule for the testbed's service, and returns when it forwards. */
    static Node start(Host host, Path home, Mode mode, String... options) {
        return startWith(
                host, home, rule("udp", Testbed.SERVICE_PORT, mode, Testbed.ENDPOINT.getHostAddress()), options);
    }

    /** Starts one with this rule, and returns when it forwards. */
    static Node startWith(Host host, Path home, String rule, String... options) {
        Path directory = directory();
        List<String> command = new ArrayList<>(List.of(
                home.resolve("scripts/gatun").toAbsolutePath().toString(),
                "run",
                "--interface=" + Testbed.DEVICE,
                "--io=xdp",
                "--run-dir=" + directory.resolve("run"),
                "--state-dir=" + directory.resolve("state"),
                "--api=" + API + ":" + API_PORT));
        command.addAll(List.of(options));
        Node node = new Node(host, command, directory);
        try {
            node.run();
            host.run(() -> {
                try (Rest rest = Rest.open(API, API_PORT)) {
                    rest.post(RULES, rule);
                }
            });
            return node;
        } catch (RuntimeException e) {
            node.close();
            throw e;
        } catch (Exception e) {
            node.close();
            throw new IllegalStateException("the rule could not be made: " + e.getMessage(), e);
        }
    }

    static final String RULES = "/netlox/v1/config/loadbalancer";

    /** JSON of a UDP rule of the VIP with these endpoints. */
    static String rule(int port, Mode mode, String... endpoints) {
        return rule("udp", port, mode, endpoints);
    }

    /** JSON of a rule of the VIP with these endpoints. */
    static String rule(String protocol, int port, Mode mode, String... endpoints) {
        List<String> servers = Stream.of(endpoints)
                .map(address -> String.format(
                        Locale.ROOT,
                        "{\"endpointIP\":\"%s\",\"targetPort\":%d,\"weight\":1}",
                        address,
                        Testbed.ENDPOINT_PORT))
                .toList();
        return String.format(
                Locale.ROOT,
                "{\"serviceArguments\":{\"externalIP\":\"%s\",\"port\":%d,\"protocol\":\"%s\",\"mode\":%d},"
                        + "\"endpoints\":[%s]}",
                Testbed.VIP.getHostAddress(),
                port,
                protocol,
                mode.number,
                String.join(",", servers));
    }

    private void run() {
        process = host.start(ProcessSpec.of(command).named("gatun").outputTo(directory.resolve("gatun.log")));
        process.awaitLine("^ready ", PATIENCE);
    }

    /** Kills it or lets it end in order, and returns when another one is ready that goes on with its tables. */
    void restart(boolean kill) {
        if (kill) {
            process.kill9();
        } else {
            process.terminate();
        }
        run();
    }

    /** Binds all of its threads, and those that they start. */
    void bind(Cpu cpu) {
        host.exec(
                "taskset",
                "--all-tasks",
                "--cpu-list",
                "--pid",
                Integer.toString(cpu.number()),
                Long.toString(process.pid()));
    }

    long residentBytes() {
        return status(RESIDENT);
    }

    /** Of {@link #residentBytes}, heap, stacks and the like; the rest is files that are mapped, the table among them. */
    long anonymousBytes() {
        return status(ANONYMOUS);
    }

    long connections() {
        return CountersFile.read(directory.resolve("run")).get(CONNECTIONS);
    }

    /** Sums of the agents' counters, by their labels without the agent's name. */
    Map<String, Long> counters() {
        Map<String, Long> sums = new TreeMap<>();
        CountersFile.read(directory.resolve("run"))
                .forEach((label, value) -> sums.merge(label.substring(label.indexOf(' ') + 1), value, Long::sum));
        return sums;
    }

    private long status(Pattern pattern) {
        Path file = Path.of("/proc", Long.toString(process.pid()), "status");
        try {
            String text = Files.readString(file);
            Matcher found = pattern.matcher(text);
            if (!found.find()) {
                throw new IllegalStateException(file + " has no line like " + pattern);
            }
            return Long.parseLong(found.group(1)) * KIB;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static Path directory() {
        try {
            return Files.createTempDirectory("gatun-bench-");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a directory", e);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.terminate();
        }
        try (Stream<Path> below = Files.walk(directory)) {
            for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(directory + " is left behind", e);
        }
    }
}
