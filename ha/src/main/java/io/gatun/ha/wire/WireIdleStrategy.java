package io.gatun.ha.wire;

import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sleeps in poll(2) until a frame waits on one of the wires, another thread wakes it, or 10 ms have passed (less after
 * {@link #sleepAtMost}): an answer waits for nothing, and an idle agent costs a hundred wakeups a second. Where work never
 * ends, as in a flood of frames, it sleeps for a millisecond after {@value #BURST} pieces of it: the thread may go before
 * all others. Owned by the agent's thread except for {@link #wake}.
 */
public final class WireIdleStrategy implements IdleStrategy, AutoCloseable {
    /** The most that a due announcement waits. */
    private static final int TIMEOUT_MS = 10;

    static final int BURST = 64;
    private static final long BREATH_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /** struct pollfd: fd s32, events s16, revents s16 (asm-generic/poll.h). */
    private static final int POLLFD_BYTES = 8;

    private static final short POLLIN = 1;

    /** EFD_CLOEXEC | EFD_NONBLOCK of linux/eventfd.h; Linux 2.6.27. */
    private static final int EVENTFD_FLAGS = 0x80000 | 0x800;

    private final Libc libc = Libc.system();
    private final Fd event = Fd.own(libc, libc.eventfd(0, EVENTFD_FLAGS), "eventfd(announcer)");
    private final UnsafeBuffer count = direct(Long.BYTES);
    private final UnsafeBuffer one = direct(Long.BYTES);
    private UnsafeBuffer pollfds;
    private int pollfdCount;
    private int timeoutMs = TIMEOUT_MS;
    private int done;
    private boolean closed;

    /** Waits for no wire yet. */
    public WireIdleStrategy() {
        one.putLong(0, 1);
        waitFor(List.of());
    }

    /** Waits for these wires and no others from now on; one without a descriptor is not waited for. */
    public void waitFor(List<? extends Pollable> wires) {
        pollfdCount = 1 + wires.size();
        pollfds = direct(pollfdCount * POLLFD_BYTES);
        listen(0, event.number());
        for (int i = 0; i < wires.size(); i++) {
            listen(1 + i, wires.get(i).descriptor());
        }
    }

    private void listen(int index, int descriptor) {
        pollfds.putInt(index * POLLFD_BYTES, descriptor);
        pollfds.putShort(index * POLLFD_BYTES + 4, POLLIN);
    }

    private static UnsafeBuffer direct(int lengthBytes) {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(lengthBytes));
    }

    /** The longest that the sleeps from now on may last, 10 ms at most. */
    public void sleepAtMost(int ms) {
        timeoutMs = Math.clamp(ms, 0, TIMEOUT_MS);
    }

    /** Ends the sleep, or the next one; from any thread, at any time. */
    public synchronized void wake() {
        if (!closed) {
            libc.write(event.number(), one.addressOffset(), Long.BYTES);
        }
    }

    @Override
    public void idle(int workCount) {
        done += workCount;
        if (workCount <= 0) {
            idle();
        } else if (done >= BURST) {
            done = 0;
            LockSupport.parkNanos(BREATH_NS);
        }
    }

    @Override
    public void idle() {
        done = 0;
        libc.poll(pollfds.addressOffset(), pollfdCount, timeoutMs);
        libc.read(event.number(), count.addressOffset(), Long.BYTES);
    }

    @Override
    public void reset() {}

    @Override
    public String alias() {
        return "wire";
    }

    /** No wake comes through from here on; called by the agent's thread when it sleeps no more. */
    @Override
    public synchronized void close() {
        closed = true;
        event.close();
    }
}
