package io.gatun.bench.traffic;

import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One CPU of the machine, for tasks to be bound to.
 *
 * @param number as in /proc/cpuinfo, 0-1023
 */
public record Cpu(int number) {
    /** CPU_SETSIZE of sched.h. */
    private static final int SET_BITS = 1_024;

    public Cpu {
        if (number < 0 || number >= SET_BITS) {
            throw new IllegalArgumentException("cpu=" + number + ", give 0-" + (SET_BITS - 1));
        }
    }

    /** Binds the calling platform thread. */
    public void pinThisThread() {
        pin(0);
    }

    /** Binds all threads of this process; those that they start inherit it, and so do child processes. */
    public void pinThisProcess() {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            threads.forEach(thread -> pin(Integer.parseInt(thread.getFileName().toString())));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list /proc/self/task", e);
        }
    }

    /** Binds a thread by its kernel id, 0 for the calling one. */
    public void pin(int tid) {
        UnsafeBuffer mask = new UnsafeBuffer(ByteBuffer.allocateDirect(SET_BITS / 8));
        mask.putByte(number / 8, (byte) (1 << number % 8));
        try {
            int result = Libc.system().sched_setaffinity(tid, mask.capacity(), mask.addressOffset());
            SysException.check(result, "sched_setaffinity(thread " + tid + ", cpu " + number + ")");
        } finally {
            Reference.reachabilityFence(mask);
        }
    }

    @Override
    public String toString() {
        return "CPU " + number;
    }
}
