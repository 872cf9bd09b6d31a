package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How many connections wait for the end of their handshake, in all and of each source, so that a flood of first packets
 * neither fills the table nor shuts others out. Shared by all agents; its memory is fixed.
 *
 * <p>Sources are counted in four rows of cells by four hashes of the address (of IPv6 of its /64): a source has at most
 * what the least of its cells says. A source may have fewer the less room there is in all, but always one. One that has
 * ended a handshake in the last minutes has proved that it is where it says, and may always have more: who forges
 * addresses cannot. When it did is noted in four rows of ticks like the counts.
 *
 * <p>A connection is counted from its insert until its state leaves the half-open ones. The state of the client's
 * direction decides: it leaves them by compare-and-set, and who succeeds takes the count back.
 */
public final class HalfOpenFlows {
    private static final int ROWS = 4;
    private static final int ROW_BITS = 16;
    private static final int CELLS = 1 << ROW_BITS;

    /** A source may have this part of the room that is left. */
    private static final int SHARE_SHIFT = 6;

    /** What a source may have in any case. */
    private static final int PER_SOURCE_MIN = 1;

    /** What a proven source may have in any case. */
    private static final int PER_PROVEN_SOURCE_MIN = 64;

    private static final int PROVEN_TICKS = FlowTable.ticks(TimeUnit.MINUTES.toNanos(5));
    private static final int NEVER = 0;

    private static final int[] MULTIPLIERS = {0x9E37_79B1, 0x85EB_CA77, 0xC2B2_AE3D, 0x27D4_EB2F};

    private final int max;
    private final int perSourceMax;
    private final AtomicInteger total = new AtomicInteger();
    private final AtomicIntegerArray cells = new AtomicIntegerArray(ROWS * CELLS);
    private final AtomicIntegerArray provenAt = new AtomicIntegerArray(ROWS * CELLS);

    /**
     * Counts from nothing.
     *
     * @param max connections in all
     * @param perSourceMax connections of one source
     */
    public HalfOpenFlows(int max, int perSourceMax) {
        this.max = max;
        this.perSourceMax = perSourceMax;
    }

    /** Bytes of all counts and ticks. */
    public static long lengthBytes() {
        return 2L * ROWS * CELLS * Integer.BYTES;
    }

    /** Most connections in all. */
    public int max() {
        return max;
    }

    /** Connections counted now. */
    public int total() {
        return total.get();
    }

    boolean isFull() {
        return total.get() >= max;
    }

    /** Whether a source has as many as it may. */
    boolean isFull(int source, int nowTick) {
        int share = Math.max(0, max - total.get()) >> SHARE_SHIFT;
        return hasAtLeast(source, Math.min(perSourceMax, Math.max(PER_SOURCE_MIN, share)))
                && (hasAtLeast(source, Math.min(perSourceMax, Math.max(PER_PROVEN_SOURCE_MIN, share)))
                        || !isProven(source, nowTick));
    }

    private boolean hasAtLeast(int source, int count) {
        for (int row = 0; row < ROWS; row++) {
            if (cells.getPlain(cell(source, row)) < count) {
                return false;
            }
        }
        return true;
    }

    /** Whether a source has ended a handshake lately. */
    boolean isProven(int source, int nowTick) {
        for (int row = 0; row < ROWS; row++) {
            int tick = provenAt.getPlain(cell(source, row));
            if (tick == NEVER || nowTick - tick > PROVEN_TICKS) {
                return false;
            }
        }
        return true;
    }

    private void proved(int source, int tick) {
        for (int row = 0; row < ROWS; row++) {
            provenAt.setPlain(cell(source, row), tick == NEVER ? 1 : tick);
        }
    }

    void entered(int source) {
        total.incrementAndGet();
        for (int row = 0; row < ROWS; row++) {
            cells.incrementAndGet(cell(source, row));
        }
    }

    private void left(int source) {
        total.decrementAndGet();
        for (int row = 0; row < ROWS; row++) {
            cells.decrementAndGet(cell(source, row));
        }
    }

    /** Counts a connection that an earlier process left in the table. */
    public void found(FlowSlot flow) {
        if (!flow.isReply() && FlowStates.isHalfOpen(flow.tcpState())) {
            entered(source(flow));
        }
    }

    /**
     * Moves the client's direction of a connection from one state to another.
     *
     * @return false when somebody else has moved it meanwhile; then nothing has changed
     */
    public boolean move(FlowSlot client, int state, int next) {
        if (!client.compareAndSetTcpState(state, next)) {
            return false;
        }
        if (FlowStates.isHalfOpen(state) && !FlowStates.isHalfOpen(next)) {
            left(source(client));
            if (FlowStates.isOpen(next)) {
                proved(source(client), client.lastSeenTick());
            }
        }
        return true;
    }

    /** No longer counts a connection that is being removed; with any direction of it. */
    public void forget(FlowSlot flow) {
        int state = flow.tcpState();
        if (!flow.isReply() && FlowStates.isHalfOpen(state)) {
            move(flow, state, FlowStates.CLOSED);
        }
    }

    /** What sources are told apart by. */
    static int source(FlowSlot client) {
        return client.isWide() ? source(client.sourceHigh()) : client.source();
    }

    static int source(ParsedBatch parsed, int i) {
        return parsed.isIpv6(i) ? source(parsed.sourceHigh(i)) : parsed.source(i);
    }

    private static int source(long prefix) {
        return Long.hashCode(prefix * 0x9E37_79B9_7F4A_7C15L);
    }

    private static int cell(int source, int row) {
        int mixed = (source ^ source >>> 15) * MULTIPLIERS[row];
        return row << ROW_BITS | ((mixed ^ mixed >>> 13) * 0x165667B1) >>> (Integer.SIZE - ROW_BITS);
    }
}
