package io.gatun.bench.traffic;

import io.gatun.forwarder.bpf.BpfProgram;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * BPF_PROG_TEST_RUN with BPF_F_TEST_XDP_LIVE_FRAMES (include/uapi/linux/bpf.h, Linux 5.18): the kernel runs an XDP
 * program over fresh frames and carries its verdicts out. They seem to come in by {@code lo}; the program redirects them
 * to the interface that sends them.
 *
 * <p>Setting one call up and down costs some 25 ms; the network namespace is the calling thread's.
 */
final class LiveFrames {
    /** NAPI's batch, and what the call takes when none is named; 256 at most. */
    static final int BATCH_MAX = 64;

    private static final int PROG_TEST_RUN = 10;
    private static final int LIVE_FRAMES = 1 << 1;
    private static final int ATTR_BYTES = 80;

    private final Libc libc;
    private final BpfProgram program;
    private final UnsafeBuffer frame;
    private final UnsafeBuffer attr = offHeap(ATTR_BYTES);

    /** @param frameBytes length of the frames that the program is run over, all zero at first */
    LiveFrames(Libc libc, BpfProgram program, int frameBytes) {
        this.libc = libc;
        this.program = program;
        this.frame = offHeap(frameBytes);
    }

    /**
     * Runs the program {@code repeat} times and returns when it has.
     *
     * @param batch frames that are sent together, when the program has run over the last of them, 1 to {@link #BATCH_MAX}
     * @throws SysException EINVAL before Linux 5.18
     */
    void run(int repeat, int batch) {
        attr.putInt(0, program.fd());
        attr.putInt(8, frame.capacity());
        attr.putLong(16, frame.addressOffset());
        attr.putInt(32, repeat);
        attr.putInt(64, LIVE_FRAMES);
        attr.putInt(72, batch);
        try {
            int result = libc.bpf(PROG_TEST_RUN, attr.addressOffset(), ATTR_BYTES);
            SysException.check(result, "bpf(PROG_TEST_RUN " + program + " with live frames, Linux 5.18 or newer)");
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private static UnsafeBuffer offHeap(int bytes) {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(bytes));
    }
}
