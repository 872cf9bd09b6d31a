package io.gatun.lab;

import io.gatun.lab.sys.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;

/**
 * A named network namespace of a lab, {@code gatun-ID-HOST}. No other name can be written as this type, so none can be
 * deleted.
 */
record Namespace(String labId, String host) {
    private static final Path DIRECTORY = Path.of("/run/netns");
    private static final Duration SURVIVAL = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(2);

    Namespace {
        if (!labId.matches("[0-9a-f]{8}") || !host.matches("[a-z][a-z0-9-]{0,14}")) {
            throw LabException.invalid("namespace", labId + "/" + host, "is not a name that a lab makes");
        }
    }

    /** Reads a name back; refuses whatever the lab of this id cannot have made. */
    static Namespace parse(String labId, String name) {
        String prefix = "gatun-" + labId + "-";
        if (!name.startsWith(prefix)) {
            throw LabException.invalid("namespace", name, "was not made by lab " + labId + ", not touched");
        }
        return new Namespace(labId, name.substring(prefix.length()));
    }

    String name() {
        return "gatun-" + labId + "-" + host;
    }

    Path file() {
        return DIRECTORY.resolve(name());
    }

    boolean exists() {
        return Files.exists(file());
    }

    void create() {
        Ip.root("netns add " + name());
    }

    void delete() {
        if (exists()) {
            try {
                Ip.root("netns del " + name());
            } catch (LabException e) {
                // Another JVM may have reaped it since; only a name that stays is a failure.
                if (exists()) {
                    throw e;
                }
            }
        }
    }

    /**
     * Kills every process that lives in the namespace, and returns when none is left there.
     *
     * @throws LabException when one survives SIGKILL for 5 s
     */
    void killProcesses() {
        long deadlineNs = System.nanoTime() + SURVIVAL.toNanos();
        for (List<ProcessHandle> left = processes(); !left.isEmpty(); left = processes()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw LabException.invalid("pids", left, "survive SIGKILL in " + name() + ", see /proc/PID/stack");
            }
            left.forEach(ProcessHandle::destroyForcibly);
            // They are nobody's children that Java would be told of; leaving the namespace is what counts.
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /**
     * Returns when the process lives in the namespace, or has ended: before that nobody who clears the namespace would
     * find it.
     *
     * @throws LabException when it does neither for 5 s
     */
    void awaitEntered(ProcessHandle process) {
        long deadlineNs = System.nanoTime() + SURVIVAL.toNanos();
        while (process.isAlive() && !hasEntered(process)) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw LabException.invalid(
                        "pid", process.pid(), "does not get into " + name() + ", see /proc/PID/stack");
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /** The processes whose first thread lives in the namespace; never this JVM. */
    List<ProcessHandle> processes() {
        long self = ProcessHandle.current().pid();
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != self && hasEntered(process))
                .toList();
    }

    private boolean hasEntered(ProcessHandle process) {
        Object key = fileKey(file());
        return key != null && key.equals(fileKey(Path.of("/proc", Long.toString(process.pid()), "ns", "net")));
    }

    /** Writes a setting below {@code /proc/sys/net}, which shows the namespace of the thread that looks. */
    void sysctl(String key, String value) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("lab-sysctl").start(() -> {
            try {
                NetworkNamespace.enter(file());
                Files.writeString(Path.of("/proc/sys/net", key), value);
                done.complete(null);
            } catch (NoSuchFileException absent) {
                done.complete(null); // a kernel without IPv6 has nothing to set
            } catch (IOException | RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        try {
            done.join();
        } catch (CompletionException e) {
            throw new LabException("sysctl net/" + key + "=" + value + " in " + name() + " failed", e.getCause());
        }
    }

    /** Device and inode: the identity of the namespace itself, the same for its name and for each process in it. */
    private static Object fileKey(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException gone) {
            return null;
        }
    }
}
