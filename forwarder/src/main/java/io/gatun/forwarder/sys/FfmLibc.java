package io.gatun.forwarder.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@link Libc} through the Foreign Function &amp; Memory API (JEP 454). Pointers are declared as JAVA_LONG: both 64-bit
 * ABIs that Linux runs Java on pass them alike, and no MemorySegment is made per call. Each thread owns the small
 * segment into which the linker copies errno.
 */
@SuppressWarnings("restricted") // this class is the one door; scripts/jvm.flags grants native access
final class FfmLibc implements Libc {
    static final Libc INSTANCE = new FfmLibc();

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURE));

    private static final long SYS_BPF = bpfSyscallNumber();

    private static final MethodHandle SOCKET = intCall("socket", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = intCall("close", JAVA_INT);
    private static final MethodHandle BIND = intCall("bind", JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SETSOCKOPT =
            intCall("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle GETSOCKOPT =
            intCall("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle GETSOCKNAME = intCall("getsockname", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SENDTO =
            longCall("sendto", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle RECVFROM =
            longCall("recvfrom", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SENDMMSG = intCall("sendmmsg", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
    private static final MethodHandle RECVMMSG =
            intCall("recvmmsg", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle POLL = intCall("poll", JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle MMAP =
            longCall("mmap", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle MUNMAP = intCall("munmap", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle IOCTL = variadicIntCall("ioctl", 2, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SYSCALL3 =
            variadicLongCall("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle EVENTFD = intCall("eventfd", JAVA_INT, JAVA_INT);
    private static final MethodHandle READ = longCall("read", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle WRITE = longCall("write", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SCHED_SETSCHEDULER = intCall("sched_setscheduler", JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle SCHED_SETAFFINITY = intCall("sched_setaffinity", JAVA_INT, JAVA_LONG, JAVA_LONG);

    private FfmLibc() {}

    @Override
    public int socket(int domain, int type, int protocol) {
        MemorySegment state = STATE.get();
        try {
            return orErrno((int) SOCKET.invokeExact(state, domain, type, protocol), state);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    @Override
    public int close(int fd) {
        MemorySegment state = STATE.get();
        try {
            return orErrno((int) CLOSE.invokeExact(state, fd), state);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    @Override
    public int bind(int fd, long address, int addressLength) {
        MemorySegment state = STATE.get();
        try {
            return orErrno((int) BIND.invokeExact(state, fd, address, addressLength), state);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    @Override
    public int setsockopt(int fd, int level, int name, long value, int valueLength) {
        MemorySegment state = STATE.get();
        try {
            return orErrno((int) SETSOCKOPT.invokeExact(state, fd, level, name, value, valueLength), state);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    @Override
    public int getsockopt(int fd, int level, int name, long value, long valueLength) {
        MemorySegment state = STATE.get();
        try {
            return orErrno((int) GETSOCKOPT.invokeExact(state, fd, level, name, value, valueLength), state);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    @Override
    public int getsockname(int fd, long address, long addressLength) {
        MemorySegment state = STATE.get();
        try {
            return orErrno((int) GETSOCKNAME.invokeExact(state, fd, address, addressLength), state);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    @Override
    public long sendto(int fd, long buffer, long length, int flags, long address, int addressLength) {
        MemorySegment state = STATE.get();
        try {
            return orErrno((long) SENDTO.invokeExact(state, fd, buffer, length, flags, address, addressLength), state);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    @Override
    public long recvfrom(int fd, long buffer, long length, int flags, long address, long addressLength) {
        MemorySegment state = STATE.get();
        try {
            return orErrno(
                    (long) RECVFROM.invokeExact(state, fd, buffer, length, flags, address, addressLength), state);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    @Override
    public int sendmmsg(int fd, long messages, int count, int flags) {
        MemorySegment state = STATE.get();
        try {
            return orErrno((int) SENDMMSG.invokeExact(state, fd, messages, count, flags), state);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    @Override
    public int recvmmsg(int fd, long messages, int count, int flags) {
        MemorySegment state = STATE.get();
        try {
            return orErrno((int) RECVMMSG.invokeExact(state, fd, messages, count, flags, 0L), state);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    @Override
    public int poll(long pollfds, long count, int timeoutMs) {
        MemorySegment state = STATE.get();
        try {
            return orErrno((int) POLL.invokeExact(state, pollfds, count, timeoutMs), state);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    @Override
    public long mmap(long address, long length, int protection, int flags, int fd, long offset) {
        MemorySegment state = STATE.get();
        try {
            return orErrno((long) MMAP.invokeExact(state, address, length, protection, flags, fd, offset), state);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    @Override
    public int munmap(long address, long length) {
        MemorySegment state = STATE.get();
        try {
            return orErrno((int) MUNMAP.invokeExact(state, address, length), state);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    @Override
    public int ioctl(int fd, long request, long argument) {
        MemorySegment state = STATE.get();
        try {
            return orErrno((int) IOCTL.invokeExact(state, fd, request, argument), state);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    @Override
    public int bpf(int command, long attributes, int size) {
        MemorySegment state = STATE.get();
        try {
            return (int) orErrno(
                    (long) SYSCALL3.invokeExact(state, SYS_BPF, (long) command, attributes, (long) size), state);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    @Override
    public int eventfd(int initialValue, int flags) {
        MemorySegment state = STATE.get();
        try {
            return orErrno((int) EVENTFD.invokeExact(state, initialValue, flags), state);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    @Override
    public long read(int fd, long buffer, long length) {
        MemorySegment state = STATE.get();
        try {
            return orErrno((long) READ.invokeExact(state, fd, buffer, length), state);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    @Override
    public long write(int fd, long buffer, long length) {
        MemorySegment state = STATE.get();
        try {
            return orErrno((long) WRITE.invokeExact(state, fd, buffer, length), state);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    @Override
    public int sched_setscheduler(int pid, int policy, long param) {
        MemorySegment state = STATE.get();
        try {
            return orErrno((int) SCHED_SETSCHEDULER.invokeExact(state, pid, policy, param), state);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    @Override
    public int sched_setaffinity(int pid, long maskLength, long mask) {
        MemorySegment state = STATE.get();
        try {
            return orErrno((int) SCHED_SETAFFINITY.invokeExact(state, pid, maskLength, mask), state);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    private static int orErrno(int result, MemorySegment state) {
        return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
    }

    private static long orErrno(long result, MemorySegment state) {
        return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
    }

    private static MethodHandle intCall(String name, MemoryLayout... arguments) {
        return link(name, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private static MethodHandle longCall(String name, MemoryLayout... arguments) {
        return link(name, FunctionDescriptor.of(JAVA_LONG, arguments));
    }

    private static MethodHandle variadicIntCall(String name, int firstVariadic, MemoryLayout... arguments) {
        return link(name, FunctionDescriptor.of(JAVA_INT, arguments), Linker.Option.firstVariadicArg(firstVariadic));
    }

    private static MethodHandle variadicLongCall(String name, int firstVariadic, MemoryLayout... arguments) {
        return link(name, FunctionDescriptor.of(JAVA_LONG, arguments), Linker.Option.firstVariadicArg(firstVariadic));
    }

    private static MethodHandle link(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        List<Linker.Option> all = new ArrayList<>(Arrays.asList(options));
        all.add(Linker.Option.captureCallState("errno"));
        MemorySegment symbol = LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError("libc has no " + name + "(); Gatun needs glibc or musl"));
        return LINKER.downcallHandle(symbol, descriptor, all.toArray(Linker.Option[]::new));
    }

    /** __NR_bpf of asm/unistd_64.h (x86_64: 321) and asm-generic/unistd.h (aarch64, riscv64: 280); Linux 3.18. */
    private static long bpfSyscallNumber() {
        String machine = System.getProperty("os.arch");
        return switch (machine) {
            case "amd64", "x86_64" -> 321;
            case "aarch64", "riscv64" -> 280;
            default ->
                throw new UnsupportedOperationException(
                        "os.arch=" + machine + " is not supported, run on amd64, aarch64 or riscv64");
        };
    }

    private static AssertionError broken(Throwable t) {
        return new AssertionError("a libc call cannot throw", t);
    }
}
