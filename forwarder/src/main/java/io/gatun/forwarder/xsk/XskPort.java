package io.gatun.forwarder.xsk;

import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.frame.FramePort;
import io.gatun.forwarder.sys.Libc;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * AF_XDP as a {@link FramePort}. Invariant: fill + rx + tx + completion + free + held = frames of the UMEM; frames held
 * by the pipeline are counted here.
 */
public final class XskPort implements FramePort {
    private static final short POLLIN = 1;

    /** Kicks per batch: more would starve reception when the peer's queue is full. */
    private static final int KICKS_MAX = 4;

    private final Libc libc;
    private final XskSocket socket;
    private final Umem umem;
    private final FillRing fill;
    private final CompletionRing completion;
    private final RxRing rx;
    private final TxRing tx;
    private final int fd;
    private final int queue;
    private final int fillTarget;
    private final UnsafeBuffer pollfd = new UnsafeBuffer(ByteBuffer.allocateDirect(8));
    private volatile boolean busyPoll;
    private int held;
    private int inFlight;
    private long overruns;

    private XskPort(Libc libc, XskSpec spec) {
        this.libc = libc;
        this.socket = XskSocket.open(libc, spec);
        this.umem = socket.umem();
        this.fill = socket.fill();
        this.completion = socket.completion();
        this.rx = socket.rx();
        this.tx = socket.tx();
        this.fd = socket.fd();
        this.queue = spec.queue();
        this.fillTarget = spec.ringSize();
        pollfd.putInt(0, fd);
        pollfd.putShort(4, POLLIN);
        refill();
    }

    /** Opens and binds; zero-copy where the driver can, else copy mode. */
    public static XskPort open(Libc libc, XskSpec spec) {
        return new XskPort(libc, spec);
    }

    /** The descriptor that the steering program's XSKMAP wants. */
    public int descriptor() {
        return fd;
    }

    /** The receive queue. */
    public int queue() {
        return queue;
    }

    public boolean isZeroCopy() {
        return socket.isZeroCopy();
    }

    /**
     * Id of the NAPI context from which the last packet came, or 0: before the first packet, and where there is none to
     * poll, as with veth. Any thread.
     */
    public int napiId() {
        UnsafeBuffer answer = new UnsafeBuffer(ByteBuffer.allocateDirect(2 * Integer.BYTES));
        answer.putInt(Integer.BYTES, Integer.BYTES);
        long value = answer.addressOffset();
        int result = libc.getsockopt(fd, Xdp.SOL_SOCKET, Xdp.SO_INCOMING_NAPI_ID, value, value + Integer.BYTES);
        return result == 0 ? answer.getInt(0) : 0;
    }

    /**
     * Whether the agent drives NAPI itself from now on, instead of sleeping in poll(2). Any thread.
     *
     * @param budget packets of one poll, or 0 to leave it to interrupts
     * @throws io.gatun.forwarder.sys.SysException when the kernel does not let us; then the agent goes on as before
     */
    public void busyPoll(int budget) {
        socket.busyPoll(budget);
        busyPoll = budget > 0;
    }

    @Override
    public UnsafeBuffer memory() {
        return umem.buffer();
    }

    @Override
    public int headroom() {
        return Xdp.PACKET_HEADROOM;
    }

    @Override
    public int receive(FrameBatch batch) {
        int count = rx.peek(batch.limit());
        if (count == 0) {
            if (inFlight > 0) {
                flush();
            }
            if (busyPoll) {
                libc.recvfrom(fd, 0, 0, Xdp.MSG_DONTWAIT, 0, 0);
            }
            return 0;
        }
        for (int i = 0; i < count; i++) {
            batch.add(rx.frameOffset(i), rx.frameLength(i));
        }
        rx.release(count);
        return count;
    }

    @Override
    public void complete(FrameBatch batch) {
        int room = tx.free();
        for (int i = 0, size = batch.size(); i < size; i++) {
            if (batch.isTransmit(i)) {
                if (room == 0) {
                    overruns++;
                    umem.give(batch.offset(i));
                } else {
                    room--;
                    tx.write(batch.offset(i), batch.length(i));
                }
            } else if (batch.isDrop(i)) {
                umem.give(batch.offset(i));
            } else {
                held++;
            }
        }
        flush();
    }

    @Override
    public void transmitHeld(int offset, int length, int offload) {
        held--;
        if (tx.free() == 0) {
            overruns++;
            umem.give(offset);
            return;
        }
        tx.write(offset, length);
        flush();
    }

    @Override
    public void releaseHeld(int offset) {
        held--;
        umem.give(offset);
    }

    /** Publishes what was written to the tx ring, kicks the kernel, takes sent frames back and lends them again. */
    private void flush() {
        inFlight += tx.submit();
        if (inFlight > 0) {
            for (int kicks = 0; kicks < KICKS_MAX && tx.needsWakeup() && tx.pending() > 0; kicks++) {
                libc.sendto(fd, 0, 0, Xdp.MSG_DONTWAIT, 0, 0);
            }
            reclaim();
        }
        refill();
    }

    private void reclaim() {
        int count = completion.peek();
        for (int i = 0; i < count; i++) {
            umem.give(completion.read(i));
        }
        completion.release(count);
        inFlight -= count;
    }

    private void refill() {
        int count = fill.reserve(Math.min(umem.freeCount(), fillTarget));
        if (count == 0) {
            return;
        }
        for (int i = 0; i < count; i++) {
            fill.write(i, umem.take());
        }
        fill.submit(count);
    }

    @Override
    public boolean await(int timeoutMs) {
        if (inFlight > 0) {
            flush();
        }
        if (!rx.isEmpty()) {
            return true;
        }
        return libc.poll(pollfd.addressOffset(), 1, timeoutMs) > 0;
    }

    @Override
    public long transmitOverruns() {
        return overruns;
    }

    @Override
    public int submitted() {
        return tx.submitted();
    }

    @Override
    public int completed() {
        return completion.completed();
    }

    /** Free, held, in flight (tx and completion), fill and rx: all frames of the UMEM, but for those of a batch. */
    int accounted() {
        return umem.freeCount() + held + inFlight + fill.outstanding() + rx.peek(Integer.MAX_VALUE);
    }

    @Override
    public void close() {
        socket.close();
    }
}
