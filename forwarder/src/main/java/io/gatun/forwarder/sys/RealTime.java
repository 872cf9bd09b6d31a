package io.gatun.forwarder.sys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.ThreadFactory;
import java.util.function.IntConsumer;

/**
 * The real-time priority of threads (SCHED_FIFO, sched(7)): one that has it goes before all that have none, on the CPU
 * that it wakes on. What it starts does not inherit it. Takes CAP_SYS_NICE, or an RLIMIT_RTPRIO as high.
 */
public final class RealTime {
    private static final int PRIORITY_MAX = 99;

    /** Of include/uapi/linux/sched.h. */
    private static final int SCHED_OTHER = 0;

    private static final int SCHED_FIFO = 1;
    private static final int SCHED_RESET_ON_FORK = 0x4000_0000;

    private static final int CALLER = 0;
    private static final Path THREADS = Path.of("/proc/self/task");
    private static final String COLLECTOR = "VM Thread";
    private static int collectorPriority;

    private final Libc libc;
    /** struct sched_param: an int. */
    private final ByteBuffer param = Memory.allocate(Integer.BYTES);

    /** @param libc of the process whose threads are meant */
    public RealTime(Libc libc) {
        this.libc = libc;
    }

    /**
     * Makes threads that take it before they run. The JVM's own thread that stops all others to collect garbage gets it
     * too: they wait for that one.
     *
     * @param plain makes them as they are else
     * @param priority 0 for threads without; more than 99 count as 99
     * @param onRefused called by a thread that may not have it, with the errno, before it runs without
     */
    public static ThreadFactory threads(Libc libc, ThreadFactory plain, int priority, IntConsumer onRefused) {
        return work -> plain.newThread(() -> {
            if (priority > 0) {
                int result = new RealTime(libc).takeWithCollector(Math.min(priority, PRIORITY_MAX));
                if (result < 0) {
                    onRefused.accept(-result);
                }
            }
            work.run();
        });
    }

    private int takeWithCollector(int priority) {
        int result = take(priority);
        if (result == 0) {
            raiseCollector(priority);
        }
        return result;
    }

    /** To the highest priority of all that wait for it. */
    private void raiseCollector(int priority) {
        synchronized (RealTime.class) {
            if (priority > collectorPriority) {
                collectorPriority = priority;
                collector().ifPresent(thread -> schedule(thread, SCHED_FIFO, priority));
            }
        }
    }

    /** The kernel's number of the thread that runs the serial collector, if this JVM names it as all have so far. */
    private static OptionalInt collector() {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            for (Path thread : threads) {
                if (name(thread).equals(COLLECTOR)) {
                    return OptionalInt.of(Integer.parseInt(thread.getFileName().toString()));
                }
            }
        } catch (IOException | DirectoryIteratorException e) { // without /proc nobody is found
            return OptionalInt.empty();
        }
        return OptionalInt.empty();
    }

    private static String name(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (IOException e) { // it has ended meanwhile
            return "";
        }
    }

    /**
     * Gives it to the calling thread.
     *
     * @param priority 1-99
     * @return 0, or -errno: EPERM when the process may not
     */
    public int take(int priority) {
        return schedule(CALLER, SCHED_FIFO | SCHED_RESET_ON_FORK, priority);
    }

    /** The calling thread runs like any other again. */
    public void giveUp() {
        schedule(CALLER, SCHED_OTHER, 0);
    }

    private int schedule(int thread, int policy, int priority) {
        param.putInt(0, priority);
        return libc.sched_setscheduler(thread, policy, Memory.address(param));
    }
}
