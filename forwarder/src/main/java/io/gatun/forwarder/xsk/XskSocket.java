package io.gatun.forwarder.xsk;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/** An AF_XDP socket with its UMEM and rings, bound to one queue of one interface (Linux 4.18; need-wakeup 5.4). */
final class XskSocket implements AutoCloseable {
    /** The kernel releases the queue of a killed process from a work item; this is how long a start waits for it. */
    private static final long QUEUE_RELEASE_NS = TimeUnit.SECONDS.toNanos(2);

    private static final int BUSY_POLL_US = 20;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Libc libc;
    private final XskSpec spec;
    private final Umem umem;
    private final Fd fd;
    private final FillRing fill;
    private final CompletionRing completion;
    private final RxRing rx;
    private final TxRing tx;
    private final boolean zeroCopy;
    private final UnsafeBuffer scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(256));

    private XskSocket(Libc libc, XskSpec spec) {
        this.libc = libc;
        this.spec = spec;
        try {
            this.umem = own(new Umem(libc, spec.frames(), spec.frameSize()));
            this.fd = own(Fd.own(
                    libc, libc.socket(Xdp.AF_XDP, Xdp.SOCK_RAW | Xdp.SOCK_CLOEXEC, 0), "socket(AF_XDP) for " + spec));
            registerUmem();
            ringSize(Xdp.XDP_UMEM_FILL_RING);
            ringSize(Xdp.XDP_UMEM_COMPLETION_RING);
            ringSize(Xdp.XDP_RX_RING);
            ringSize(Xdp.XDP_TX_RING);
            UnsafeBuffer offsets = mmapOffsets();
            this.rx = own(new RxRing(libc, fd.number(), Ring.Offsets.read(offsets, 0), spec.ringSize()));
            this.tx = own(new TxRing(libc, fd.number(), Ring.Offsets.read(offsets, 1), spec.ringSize()));
            this.fill = own(new FillRing(libc, fd.number(), Ring.Offsets.read(offsets, 2), spec.ringSize()));
            this.completion =
                    own(new CompletionRing(libc, fd.number(), Ring.Offsets.read(offsets, 3), spec.ringSize()));
            this.zeroCopy = bind();
            // Not in every kernel; without it a send call moves 32 frames and is repeated.
            scratch.putInt(0, spec.ringSize());
            libc.setsockopt(fd.number(), Xdp.SOL_XDP, Xdp.XDP_MAX_TX_SKB_BUDGET, scratch.addressOffset(), 4);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    static XskSocket open(Libc libc, XskSpec spec) {
        return new XskSocket(libc, spec);
    }

    int fd() {
        return fd.number();
    }

    boolean isZeroCopy() {
        return zeroCopy;
    }

    Umem umem() {
        return umem;
    }

    FillRing fill() {
        return fill;
    }

    CompletionRing completion() {
        return completion;
    }

    RxRing rx() {
        return rx;
    }

    TxRing tx() {
        return tx;
    }

    private void registerUmem() {
        scratch.putLong(0, umem.address());
        scratch.putLong(8, umem.length());
        scratch.putInt(16, spec.frameSize());
        scratch.putInt(20, 0);
        // struct xdp_umem_reg up to headroom; the fields after it came later and default to zero.
        SysException.check(
                libc.setsockopt(fd.number(), Xdp.SOL_XDP, Xdp.XDP_UMEM_REG, scratch.addressOffset(), 24),
                "setsockopt(XDP_UMEM_REG, " + umem.length() + " bytes) for " + spec);
    }

    private void ringSize(int ring) {
        option(Xdp.SOL_XDP, ring, spec.ringSize());
    }

    private void option(int level, int name, int value) {
        scratch.putInt(0, value);
        SysException.check(
                libc.setsockopt(fd.number(), level, name, scratch.addressOffset(), Integer.BYTES),
                "setsockopt(level " + level + ", option " + name + ", " + value + ") for " + spec);
    }

    /** See {@link XskPort#busyPoll}. Microseconds of SO_BUSY_POLL matter to sockets that block, which this one does not. */
    void busyPoll(int budget) {
        option(Xdp.SOL_SOCKET, Xdp.SO_BUSY_POLL_BUDGET, budget);
        option(Xdp.SOL_SOCKET, Xdp.SO_BUSY_POLL, budget > 0 ? BUSY_POLL_US : 0);
        option(Xdp.SOL_SOCKET, Xdp.SO_PREFER_BUSY_POLL, budget > 0 ? 1 : 0);
    }

    private UnsafeBuffer mmapOffsets() {
        UnsafeBuffer offsets = new UnsafeBuffer(ByteBuffer.allocateDirect(Xdp.MMAP_OFFSETS_LENGTH));
        scratch.putInt(0, Xdp.MMAP_OFFSETS_LENGTH);
        SysException.check(
                libc.getsockopt(
                        fd.number(),
                        Xdp.SOL_XDP,
                        Xdp.XDP_MMAP_OFFSETS,
                        offsets.addressOffset(),
                        scratch.addressOffset()),
                "getsockopt(XDP_MMAP_OFFSETS) for " + spec);
        if (scratch.getInt(0) != Xdp.MMAP_OFFSETS_LENGTH) {
            throw new IllegalStateException("this kernel has no need-wakeup flag in AF_XDP rings, Linux 5.4 has");
        }
        return offsets;
    }

    private boolean bind() {
        long deadline = System.nanoTime() + QUEUE_RELEASE_NS;
        while (true) {
            int zeroCopyResult = bind(Xdp.XDP_ZEROCOPY);
            if (zeroCopyResult == 0) {
                return true;
            }
            int result = zeroCopyResult == -Errno.EBUSY ? zeroCopyResult : bind(Xdp.XDP_COPY);
            if (result == 0) {
                return false;
            }
            if (result != -Errno.EBUSY || System.nanoTime() - deadline >= 0) {
                throw new SysException("bind(AF_XDP, " + spec + ")", -result);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    /** struct sockaddr_xdp: u16 family, u16 flags, u32 ifindex, u32 queue, u32 shared umem fd. */
    private int bind(int copyMode) {
        scratch.putShort(0, (short) Xdp.AF_XDP);
        scratch.putShort(2, (short) (copyMode | Xdp.XDP_USE_NEED_WAKEUP));
        scratch.putInt(4, spec.interfaceIndex());
        scratch.putInt(8, spec.queue());
        scratch.putInt(12, 0);
        return libc.bind(fd.number(), scratch.addressOffset(), 16);
    }

    private <T extends AutoCloseable> T own(T resource) {
        opened.push(resource);
        return resource;
    }

    /** Gives everything back, last opened first; a second call does nothing. */
    @Override
    public void close() {
        CloseHelper.closeAll(opened);
        opened.clear();
    }
}
