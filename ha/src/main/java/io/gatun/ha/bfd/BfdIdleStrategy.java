package io.gatun.ha.bfd;

import io.gatun.forwarder.sys.Libc;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongSupplier;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** Sleeps in poll(2) until a packet waits or the earliest deadline has come, rounded up to a millisecond. */
final class BfdIdleStrategy implements IdleStrategy {
    /** The most that a command, or the end, waits. */
    private static final long TIMEOUT_MAX_MS = 50;

    private static final long NS_PER_MS = 1_000_000;
    /** struct pollfd: fd s32, events s16, revents s16 (asm-generic/poll.h). */
    private static final int POLLFD_BYTES = 8;

    private static final short POLLIN = 1;

    private final Libc libc;
    private final UnsafeBuffer pollfds;
    private final int count;
    private final LongSupplier idleNs;

    /** @param idleNs how long nothing will be due */
    BfdIdleStrategy(Libc libc, List<BfdReceiver> receivers, LongSupplier idleNs) {
        this.libc = libc;
        this.count = receivers.size();
        this.idleNs = idleNs;
        this.pollfds = new UnsafeBuffer(ByteBuffer.allocateDirect(Math.max(1, count) * POLLFD_BYTES));
        for (int i = 0; i < count; i++) {
            pollfds.putInt(i * POLLFD_BYTES, receivers.get(i).descriptor());
            pollfds.putShort(i * POLLFD_BYTES + 4, POLLIN);
        }
    }

    @Override
    public void idle(int workCount) {
        if (workCount <= 0) {
            idle();
        }
    }

    @Override
    public void idle() {
        long waitNs = idleNs.getAsLong();
        if (waitNs > 0) {
            long waitMs = waitNs > TIMEOUT_MAX_MS * NS_PER_MS ? TIMEOUT_MAX_MS : (waitNs + NS_PER_MS - 1) / NS_PER_MS;
            libc.poll(pollfds.addressOffset(), count, (int) waitMs);
        }
    }

    @Override
    public void reset() {}

    @Override
    public String alias() {
        return "bfd";
    }
}
