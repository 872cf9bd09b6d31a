package io.gatun.forwarder.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * {@link Libc} through the Foreign Function &amp; Memory API (JEP 454). All functions are called in one shape, six words
 * in and one out, because the linker makes some 25 ms worth of classes for each shape when a node starts. The ABIs that
 * Linux runs 64-bit Java on (System V AMD64 3.2.3, AAPCS64 6.8.2, RISC-V LP64) pass the first six integers and pointers
 * in registers, variadic or not; a function reads those that it has, and of an int the low half, sign-extended here.
 * Each thread owns the small segment into which the linker copies errno.
 */
@SuppressWarnings("restricted") // this class is the one door; scripts/jvm.flags grants native access
final class FfmLibc implements Libc {
    static final Libc INSTANCE = new FfmLibc();

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURE));

    private static final MethodHandle CALL = LINKER.downcallHandle(
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.captureCallState("errno"));

    private static final long SYS_BPF = bpfSyscallNumber();

    private static final MemorySegment SOCKET = symbol("socket");
    private static final MemorySegment CLOSE = symbol("close");
    private static final MemorySegment BIND = symbol("bind");
    private static final MemorySegment SETSOCKOPT = symbol("setsockopt");
    private static final MemorySegment GETSOCKOPT = symbol("getsockopt");
    private static final MemorySegment GETSOCKNAME = symbol("getsockname");
    private static final MemorySegment SENDTO = symbol("sendto");
    private static final MemorySegment RECVFROM = symbol("recvfrom");
    private static final MemorySegment SENDMMSG = symbol("sendmmsg");
    private static final MemorySegment RECVMMSG = symbol("recvmmsg");
    private static final MemorySegment POLL = symbol("poll");
    private static final MemorySegment MMAP = symbol("mmap");
    private static final MemorySegment MUNMAP = symbol("munmap");
    private static final MemorySegment IOCTL = symbol("ioctl");
    private static final MemorySegment SYSCALL = symbol("syscall");
    private static final MemorySegment EVENTFD = symbol("eventfd");
    private static final MemorySegment READ = symbol("read");
    private static final MemorySegment WRITE = symbol("write");
    private static final MemorySegment SCHED_SETSCHEDULER = symbol("sched_setscheduler");
    private static final MemorySegment SCHED_SETAFFINITY = symbol("sched_setaffinity");

    private FfmLibc() {}

    @Override
    public int socket(int domain, int type, int protocol) {
        return intCall(SOCKET, domain, type, protocol, 0, 0, 0);
    }

    @Override
    public int close(int fd) {
        return intCall(CLOSE, fd, 0, 0, 0, 0, 0);
    }

    @Override
    public int bind(int fd, long address, int addressLength) {
        return intCall(BIND, fd, address, addressLength, 0, 0, 0);
    }

    @Override
    public int setsockopt(int fd, int level, int name, long value, int valueLength) {
        return intCall(SETSOCKOPT, fd, level, name, value, valueLength, 0);
    }

    @Override
    public int getsockopt(int fd, int level, int name, long value, long valueLength) {
        return intCall(GETSOCKOPT, fd, level, name, value, valueLength, 0);
    }

    @Override
    public int getsockname(int fd, long address, long addressLength) {
        return intCall(GETSOCKNAME, fd, address, addressLength, 0, 0, 0);
    }

    @Override
    public long sendto(int fd, long buffer, long length, int flags, long address, int addressLength) {
        return longCall(SENDTO, fd, buffer, length, flags, address, addressLength);
    }

    @Override
    public long recvfrom(int fd, long buffer, long length, int flags, long address, long addressLength) {
        return longCall(RECVFROM, fd, buffer, length, flags, address, addressLength);
    }

    @Override
    public int sendmmsg(int fd, long messages, int count, int flags) {
        return intCall(SENDMMSG, fd, messages, count, flags, 0, 0);
    }

    @Override
    public int recvmmsg(int fd, long messages, int count, int flags) {
        return intCall(RECVMMSG, fd, messages, count, flags, 0, 0);
    }

    @Override
    public int poll(long pollfds, long count, int timeoutMs) {
        return intCall(POLL, pollfds, count, timeoutMs, 0, 0, 0);
    }

    @Override
    public long mmap(long address, long length, int protection, int flags, int fd, long offset) {
        return longCall(MMAP, address, length, protection, flags, fd, offset);
    }

    @Override
    public int munmap(long address, long length) {
        return intCall(MUNMAP, address, length, 0, 0, 0, 0);
    }

    @Override
    public int ioctl(int fd, long request, long argument) {
        return intCall(IOCTL, fd, request, argument, 0, 0, 0);
    }

    @Override
    public int bpf(int command, long attributes, int size) {
        return intCall(SYSCALL, SYS_BPF, command, attributes, size, 0, 0);
    }

    @Override
    public int eventfd(int initialValue, int flags) {
        return intCall(EVENTFD, initialValue, flags, 0, 0, 0, 0);
    }

    @Override
    public long read(int fd, long buffer, long length) {
        return longCall(READ, fd, buffer, length, 0, 0, 0);
    }

    @Override
    public long write(int fd, long buffer, long length) {
        return longCall(WRITE, fd, buffer, length, 0, 0, 0);
    }

    @Override
    public int sched_setscheduler(int pid, int policy, long param) {
        return intCall(SCHED_SETSCHEDULER, pid, policy, param, 0, 0, 0);
    }

    @Override
    public int sched_setaffinity(int pid, long maskLength, long mask) {
        return intCall(SCHED_SETAFFINITY, pid, maskLength, mask, 0, 0, 0);
    }

    /** Of a function that returns an int: the other half of the register may hold anything. */
    private static int intCall(MemorySegment function, long a, long b, long c, long d, long e, long f) {
        MemorySegment state = STATE.get();
        int result = (int) call(function, state, a, b, c, d, e, f);
        return result == -1 ? -errno(state) : result;
    }

    private static long longCall(MemorySegment function, long a, long b, long c, long d, long e, long f) {
        MemorySegment state = STATE.get();
        long result = call(function, state, a, b, c, d, e, f);
        return result == -1 ? -errno(state) : result;
    }

    private static long call(
            MemorySegment function, MemorySegment state, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) CALL.invokeExact(function, state, a, b, c, d, e, f);
        } catch (Throwable t) {
            throw new AssertionError("a libc call cannot throw", t);
        }
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    private static MemorySegment symbol(String name) {
        return LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError("libc has no " + name + "(); Gatun needs glibc or musl"));
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
}
