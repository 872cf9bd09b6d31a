package io.gatun.bench.peers;

import io.gatun.bench.traffic.Cpu;
import io.gatun.lab.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The kernel thread that polls a device in a namespace (/sys/class/net/DEVICE/threaded, Linux 5.12). It lives in the root
 * pid namespace under the name {@code napi/DEVICE-ID}, which says nothing of the network namespace: ours is the one that
 * was not there before.
 */
final class NapiThread {
    private static final int ATTEMPTS = 3;

    /** The priority that Linux gives to threads of interrupts. */
    private static final String REALTIME = "50";

    private final int pid;
    private final TaskClock clock;

    private NapiThread(int pid) {
        this.pid = pid;
        this.clock = new TaskClock(pid);
    }

    /**
     * Gives the NAPI of the host's device a thread, on this CPU.
     *
     * @throws IllegalStateException when the thread cannot be told from others that appear at the same moment
     */
    static NapiThread start(Host host, Cpu cpu) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Set<Integer> before = all();
            threaded(host, 1);
            Set<Integer> ours = all();
            ours.removeAll(before);
            if (ours.size() == 1) {
                NapiThread thread = new NapiThread(ours.iterator().next());
                cpu.pin(thread.pid);
                host.exec("renice", "-n", Integer.toString(Priority.HIGHEST), "-p", Integer.toString(thread.pid));
                return thread;
            }
            threaded(host, 0);
        }
        throw new IllegalStateException("no single new napi/" + Testbed.DEVICE
                + " thread after setting /sys/class/net/" + Testbed.DEVICE + "/threaded, Linux 5.12 or newer is needed"
                + " and no other bench at the same time");
    }

    /** Puts it before everything else on its CPU, as an interrupt would be. */
    void precede(Host host) {
        host.exec("chrt", "--fifo", "--pid", REALTIME, Integer.toString(pid));
    }

    long cpuNs() {
        return clock.cpuNs();
    }

    private static void threaded(Host host, int value) {
        host.exec("sh", "-c", "echo " + value + " > /sys/class/net/" + Testbed.DEVICE + "/threaded");
    }

    private static Set<Integer> all() {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(NapiThread::isNapiOfDevice)
                    .map(process -> Integer.valueOf(process.getFileName().toString()))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list /proc", e);
        }
    }

    private static boolean isNapiOfDevice(Path process) {
        try {
            return Character.isDigit(process.getFileName().toString().charAt(0))
                    && Files.readString(process.resolve("comm")).startsWith("napi/" + Testbed.DEVICE + "-");
        } catch (IOException ended) {
            return false;
        }
    }
}
