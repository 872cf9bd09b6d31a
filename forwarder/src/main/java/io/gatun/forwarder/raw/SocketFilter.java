package io.gatun.forwarder.raw;

import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.Memory;
import io.gatun.forwarder.sys.SysException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** Which frames of its interface a packet socket takes. */
public final class SocketFilter {
    /** struct sock_filter: code u16, jt u8, jf u8, k u32; struct sock_fprog: length u16, padding, pointer. */
    private static final int INSTRUCTION_INTS = 4;

    private static final int INSTRUCTION_BYTES = 8;
    private static final int PROGRAM_BYTES = 16;
    private static final int RETURN = 0x06;

    private final int programFd;
    private final int[] instructions;

    private SocketFilter(int programFd, int... instructions) {
        this.programFd = programFd;
        this.instructions = instructions;
    }

    /** Every frame that comes in. */
    public static SocketFilter everything() {
        return classic(RETURN, 0, 0, Integer.MAX_VALUE);
    }

    /** None, until another takes its place. */
    public static SocketFilter nothing() {
        return classic(RETURN, 0, 0, 0);
    }

    /**
     * What an eBPF program lets through.
     *
     * @param programFd of type BPF_PROG_TYPE_SOCKET_FILTER, which returns 0 or how many bytes of the frame to keep; the
     *     caller's, who may close it when the port is open
     */
    public static SocketFilter program(int programFd) {
        return new SocketFilter(programFd);
    }

    /**
     * What a classic BPF program lets through.
     *
     * @param instructions four ints each (code, jt, jf, k), as {@code tcpdump -dd} prints them
     */
    public static SocketFilter classic(int... instructions) {
        if (instructions.length == 0 || instructions.length % INSTRUCTION_INTS != 0) {
            throw new IllegalArgumentException(
                    "filter of " + instructions.length + " ints, give four for each instruction");
        }
        return new SocketFilter(-1, instructions.clone());
    }

    /** Takes the place of the filter that the socket has. */
    void attach(Libc libc, int fd, String what) {
        if (instructions.length == 0) {
            ByteBuffer program = Memory.allocate(Integer.BYTES).putInt(0, programFd);
            set(libc, fd, AfPacket.SO_ATTACH_BPF, program, "SO_ATTACH_BPF, fd " + programFd + ", " + what);
            return;
        }
        int count = instructions.length / INSTRUCTION_INTS;
        ByteBuffer code = Memory.allocate(count * INSTRUCTION_BYTES);
        for (int i = 0; i < instructions.length; i += INSTRUCTION_INTS) {
            code.putShort((short) instructions[i])
                    .put((byte) instructions[i + 1])
                    .put((byte) instructions[i + 2])
                    .putInt(instructions[i + 3]);
        }
        ByteBuffer header =
                Memory.allocate(PROGRAM_BYTES).putShort(0, (short) count).putLong(8, Memory.address(code));
        try {
            set(libc, fd, AfPacket.SO_ATTACH_FILTER, header, "SO_ATTACH_FILTER, " + count + " instructions, " + what);
        } finally {
            Reference.reachabilityFence(code);
        }
    }

    private static void set(Libc libc, int fd, int option, ByteBuffer value, String what) {
        try {
            SysException.check(
                    libc.setsockopt(fd, AfPacket.SOL_SOCKET, option, Memory.address(value), value.capacity()),
                    "setsockopt(" + what + ")");
        } finally {
            Reference.reachabilityFence(value);
        }
    }

    @Override
    public String toString() {
        return instructions.length == 0
                ? "program fd " + programFd
                : instructions.length / INSTRUCTION_INTS + " classic instructions";
    }
}
