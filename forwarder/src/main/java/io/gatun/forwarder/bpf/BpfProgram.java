package io.gatun.forwarder.bpf;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.agrona.concurrent.UnsafeBuffer;

/** A program of the kernel: an owned descriptor, and what the kernel tells about it. */
public final class BpfProgram implements AutoCloseable {
    /** None of the functions that the programs call is reserved to GPL programs. */
    private static final String LICENSE = "Apache-2.0\0";

    private static final int INSTRUCTION_BYTES = 8;
    private static final int LOG_BYTES = 4 << 20;

    private final Libc libc;
    private final Fd fd;
    private final int id;
    private final long tag;
    private final String name;

    private BpfProgram(Libc libc, Fd fd) {
        this.libc = libc;
        this.fd = fd;
        UnsafeBuffer about = describe();
        id = about.getInt(4);
        tag = Long.reverseBytes(about.getLong(8));
        name = text(about, 64, 16);
    }

    static BpfProgram load(Libc libc, ProgramSpec spec, Map<String, BpfMap> maps) {
        byte[] code = spec.code().link(map -> {
            BpfMap found = maps.get(map);
            if (found == null) {
                throw new IllegalArgumentException(
                        "program " + spec.name() + " names map " + map + ", given are " + maps.keySet());
            }
            return found.fd();
        });
        UnsafeBuffer instructions = offHeap(code);
        int result = attributes(spec, instructions).call(libc, BpfAttr.PROG_LOAD);
        if (result < 0) {
            throw new VerifierException(spec.name(), -result, verifierLog(libc, spec, instructions));
        }
        return own(libc, result, "bpf program " + spec.name());
    }

    /** Opens a loaded program by its id, or tells that it is gone; needs CAP_SYS_ADMIN. */
    public static Optional<BpfProgram> fromId(Libc libc, int id) {
        int result = new BpfAttr(12).u32(0, id).call(libc, BpfAttr.PROG_GET_FD_BY_ID);
        return result == -Errno.ENOENT
                ? Optional.empty()
                : Optional.of(own(libc, result, "bpf(PROG_GET_FD_BY_ID " + id + ")"));
    }

    /** The descriptor, owned by this object. */
    public int fd() {
        return fd.number();
    }

    /** The kernel's number for the program, never used again while the machine runs. */
    public int id() {
        return id;
    }

    /** The kernel's hash of the instructions, without descriptors, in 16 hexadecimal digits. */
    public String tag() {
        return String.format("%016x", tag);
    }

    public String name() {
        return name;
    }

    /** Runs the program once over a packet, on no interface. */
    public TestRun testRun(byte[] packet) {
        return run(packet, new BpfAttr(80));
    }

    /**
     * Runs the program once over a packet, as if it came from a queue of an interface of this network namespace.
     *
     * @param ifindex the interface, which must be up
     * @param rxQueue one of its receive queues
     */
    public TestRun testRun(byte[] packet, int ifindex, int rxQueue) {
        UnsafeBuffer context = BpfAttr.offHeap(24); // struct xdp_md
        context.putInt(4, packet.length); // data_end, with data 0
        context.putInt(12, ifindex);
        context.putInt(16, rxQueue);
        return run(packet, new BpfAttr(80).u32(40, context.capacity()).pointer(48, context));
    }

    @Override
    public void close() {
        fd.close();
    }

    @Override
    public String toString() {
        return name + " id " + id + " tag " + tag();
    }

    private TestRun run(byte[] packet, BpfAttr attr) {
        UnsafeBuffer out = BpfAttr.offHeap(packet.length + 256);
        attr.u32(0, fd()).u32(8, packet.length).u32(12, out.capacity()).u32(32, 1);
        attr.pointer(16, offHeap(packet)).pointer(24, out);
        SysException.check(attr.call(libc, BpfAttr.PROG_TEST_RUN), "bpf(PROG_TEST_RUN " + name + ")");
        byte[] result = new byte[attr.u32(12)];
        out.getBytes(0, result);
        return new TestRun(attr.u32(4), new UnsafeBuffer(result));
    }

    /** struct bpf_prog_info up to and with the name. */
    private UnsafeBuffer describe() {
        UnsafeBuffer about = BpfAttr.offHeap(80);
        int result = new BpfAttr(16)
                .u32(0, fd.number())
                .u32(4, about.capacity())
                .pointer(8, about)
                .call(libc, BpfAttr.OBJ_GET_INFO_BY_FD);
        SysException.check(result, "bpf(OBJ_GET_INFO_BY_FD)");
        return about;
    }

    private static BpfProgram own(Libc libc, int result, String what) {
        Fd fd = Fd.own(libc, result, what);
        try {
            return new BpfProgram(libc, fd);
        } catch (SysException e) {
            fd.close();
            throw e;
        }
    }

    private static BpfAttr attributes(ProgramSpec spec, UnsafeBuffer instructions) {
        return new BpfAttr(72)
                .u32(0, spec.type().number)
                .u32(4, instructions.capacity() / INSTRUCTION_BYTES)
                .pointer(8, instructions)
                .pointer(16, offHeap(LICENSE.getBytes(StandardCharsets.US_ASCII)))
                .name(48, spec.name());
    }

    /** Loads again, to fail again, with the log on: a log for each load would cost time at every start. */
    private static String verifierLog(Libc libc, ProgramSpec spec, UnsafeBuffer instructions) {
        UnsafeBuffer log = BpfAttr.offHeap(LOG_BYTES);
        int result = attributes(spec, instructions)
                .u32(24, 1)
                .u32(28, LOG_BYTES)
                .pointer(32, log)
                .call(libc, BpfAttr.PROG_LOAD);
        if (result >= 0) {
            libc.close(result);
        }
        return text(log, 0, LOG_BYTES);
    }

    private static UnsafeBuffer offHeap(byte[] bytes) {
        UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(bytes.length));
        buffer.putBytes(0, bytes);
        return buffer;
    }

    private static String text(UnsafeBuffer buffer, int offset, int limit) {
        int length = 0;
        while (length < limit && buffer.getByte(offset + length) != 0) {
            length++;
        }
        return buffer.getStringWithoutLengthUtf8(offset, length);
    }
}
