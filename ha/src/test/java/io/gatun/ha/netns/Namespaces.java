package io.gatun.ha.netns;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Two namespaces joined by a veth pair: node has lan0 192.168.80.1/24, peer has lan0 192.168.80.10/24. */
final class Namespaces implements AutoCloseable {
    final String node;
    final String peer;
    private final List<Process> processes = new ArrayList<>();

    Namespaces() {
        String prefix =
                "gt-ha-" + Integer.toHexString(ThreadLocalRandom.current().nextInt(0x10000, 0x1000000));
        node = prefix + "-a";
        peer = prefix + "-b";
        try {
            run("ip", "netns", "add", node);
            run("ip", "netns", "add", peer);
            run("ip", "link", "add", "lan0", "netns", node, "type", "veth", "peer", "name", "lan0", "netns", peer);
            up(node, "192.168.80.1/24");
            up(peer, "192.168.80.10/24");
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Whether namespaces can be made here; the reason for skipping otherwise is in the annotation that asks. */
    static boolean available() {
        try {
            return Files.getOwner(Path.of("/proc/self")).getName().equals("root")
                    && Files.isExecutable(Path.of("/usr/sbin/ip"));
        } catch (IOException e) {
            return false;
        }
    }

    private static void up(String namespace, String address) {
        in(namespace, "ip", "addr", "add", address, "dev", "lan0");
        in(namespace, "ip", "link", "set", "lan0", "up");
    }

    /** Runs to the end inside a namespace. @return stdout and stderr; throws when it fails */
    static String in(String namespace, String... command) {
        return run(inside(namespace, command));
    }

    /** Starts inside a namespace; ended by {@link #close} at the latest. */
    Process start(String namespace, String... command) {
        try {
            Process process = new ProcessBuilder(inside(namespace, command)).start();
            processes.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String[] inside(String namespace, String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(List.of(command));
        return all.toArray(String[]::new);
    }

    private static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.destroyForcibly();
            process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        }
        for (String namespace : List.of(node, peer)) {
            if (Files.exists(Path.of("/run/netns", namespace))) {
                run("ip", "netns", "del", namespace);
            }
        }
    }
}
