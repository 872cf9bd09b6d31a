package io.gatun.lab.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/** open(2), setns(2) and close(2), as far as entering a network namespace needs them. */
@SuppressWarnings("restricted") // this class is the one door; scripts/jvm.flags grants native access
public final class NetworkNamespace {
    /** include/uapi/linux/sched.h; setns(2) since Linux 3.0. */
    private static final int CLONE_NEWNET = 0x4000_0000;
    /** include/uapi/asm-generic/fcntl.h: O_RDONLY | O_CLOEXEC. */
    private static final int READ_ONLY_CLOEXEC = 0x8_0000;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle OPEN =
            link("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle SETNS = link("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE = link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private NetworkNamespace() {}

    /**
     * Moves the calling platform thread into the namespace behind {@code file}, for good.
     *
     * @param file such as {@code /run/netns/NAME}
     * @throws IllegalStateException when the kernel refuses, naming the call and errno
     */
    public static void enter(Path file) {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException(
                    "thread=" + Thread.currentThread() + " is virtual, enter on a platform one");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURE);
            int fd = (int) OPEN.invokeExact(state, arena.allocateFrom(file.toString()), READ_ONLY_CLOEXEC);
            check(fd, "open(" + file + ")", state);
            try {
                check((int) SETNS.invokeExact(state, fd, CLONE_NEWNET), "setns(" + file + ", CLONE_NEWNET)", state);
            } finally {
                int ignored = (int) CLOSE.invokeExact(state, fd);
            }
        } catch (RuntimeException refused) {
            throw refused;
        } catch (Throwable t) {
            throw new AssertionError("a libc call cannot throw", t);
        }
    }

    private static void check(int result, String call, MemorySegment state) {
        if (result >= 0) {
            return;
        }
        int errno = (int) ERRNO.get(state, 0L);
        String meaning = switch (errno) {
            case 1, 13 -> "permission denied, run as root";
            case 2 -> "no such namespace";
            case 22 -> "not a network namespace";
            default -> "refused";
        };
        throw new IllegalStateException(call + ": errno " + errno + " (" + meaning + ")");
    }

    private static MethodHandle link(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker.Option[] all = new Linker.Option[options.length + 1];
        System.arraycopy(options, 0, all, 0, options.length);
        all[options.length] = Linker.Option.captureCallState("errno");
        MemorySegment symbol = LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError("libc has no " + name + "(); the lab needs glibc or musl"));
        return LINKER.downcallHandle(symbol, descriptor, all);
    }
}
