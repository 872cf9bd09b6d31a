package io.gatun.forwarder.bpf;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Libc;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One union bpf_attr (include/uapi/linux/bpf.h): fields by offset, off heap, zeroed. Keeps the buffers that it points
 * to alive for the length of the call.
 */
final class BpfAttr {
    /** enum bpf_cmd; Linux 3.18 unless noted. */
    static final int MAP_CREATE = 0;

    static final int MAP_LOOKUP_ELEM = 1;
    static final int MAP_UPDATE_ELEM = 2;
    static final int MAP_DELETE_ELEM = 3;
    static final int MAP_GET_NEXT_KEY = 4;
    static final int PROG_LOAD = 5;
    /** Linux 4.10; for tcx 6.6. */
    static final int PROG_ATTACH = 8;
    /** Linux 4.10; for tcx 6.6. */
    static final int PROG_DETACH = 9;
    /** Linux 4.12; for XDP with a context since 5.15. */
    static final int PROG_TEST_RUN = 10;
    /** Linux 4.13. */
    static final int PROG_GET_FD_BY_ID = 13;
    /** Linux 4.13. */
    static final int OBJ_GET_INFO_BY_FD = 15;

    /** Linux 4.15; for tcx 6.6. */
    static final int PROG_QUERY = 16;

    /** BPF_OBJ_NAME_LEN, with the closing zero; Linux 4.15. */
    private static final int NAME_BYTES = 16;

    private static final int ATTEMPTS = 5;

    private final UnsafeBuffer attr;
    private final List<DirectBuffer> referenced = new ArrayList<>(2);

    BpfAttr(int sizeBytes) {
        attr = offHeap(sizeBytes);
    }

    static UnsafeBuffer offHeap(int sizeBytes) {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(sizeBytes));
    }

    /** Checks a name that the kernel is to show for an object. */
    static String checkName(String name) {
        if (name.length() >= NAME_BYTES || !name.matches("[A-Za-z0-9_.]+")) {
            throw new IllegalArgumentException(
                    "name=" + name + ", use 1 to " + (NAME_BYTES - 1) + " letters, digits, '_' or '.'");
        }
        return name;
    }

    BpfAttr u32(int offset, int value) {
        attr.putInt(offset, value);
        return this;
    }

    BpfAttr u64(int offset, long value) {
        attr.putLong(offset, value);
        return this;
    }

    BpfAttr name(int offset, String name) {
        attr.putBytes(offset, name.getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    /** Writes the address of an off-heap buffer. */
    BpfAttr pointer(int offset, DirectBuffer target) {
        referenced.add(target);
        attr.putLong(offset, target.addressOffset());
        return this;
    }

    int u32(int offset) {
        return attr.getInt(offset);
    }

    /** Returns what bpf(2) returns, or the negated errno; a call that a signal interrupted is made again. */
    int call(Libc libc, int command) {
        int result = -Errno.EAGAIN;
        try {
            for (int i = 0; i < ATTEMPTS && (result == -Errno.EAGAIN || result == -Errno.EINTR); i++) {
                result = libc.bpf(command, attr.addressOffset(), attr.capacity());
            }
        } finally {
            Reference.reachabilityFence(this);
        }
        return result;
    }
}
