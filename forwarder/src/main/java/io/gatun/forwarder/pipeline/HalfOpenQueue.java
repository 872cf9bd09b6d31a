package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;

/**
 * The half-open connections that one agent opened, the oldest first: those it gives up when there are too many. An
 * established one is never given up: who ends the handshake and who gives up compare-and-set the same state.
 */
public final class HalfOpenQueue {
    private static final int LENGTH_MAX = 1 << 16;

    /** How many that are half-open no longer are passed over in one search. */
    private static final int SEARCH_MAX = 64;

    private final FlowTable flows;
    private final HalfOpenFlows halfOpen;
    private final Cycle cycle;
    private final long[] entries;
    private final int mask;
    private final ChurnLimit limit;
    private final ChurnLimit provenLimit;
    private final FlowSlot flow = new FlowSlot();
    private int head;
    private int tail;

    HalfOpenQueue(FlowTable flows, HalfOpenFlows halfOpen, Cycle cycle) {
        this.flows = flows;
        this.halfOpen = halfOpen;
        this.cycle = cycle;
        entries = new long[length(halfOpen.max())];
        mask = entries.length - 1;
        limit = ChurnLimit.forTable(flows.capacity() / 2);
        provenLimit = ChurnLimit.forTable(flows.capacity() / 2);
    }

    /** Bytes of one queue. */
    public static long lengthBytes(int max) {
        return (long) length(max) * Long.BYTES;
    }

    private static int length(int max) {
        return Integer.highestOneBit(Math.max(2, Math.min(LENGTH_MAX, max)));
    }

    /** Adds the client's direction of a connection that was opened now; in a full queue the oldest is left to expire. */
    void add(long slot, int sequence) {
        if (tail - head == entries.length) {
            head++;
        }
        entries[tail++ & mask] = slot << Integer.SIZE | (sequence & 0xFFFF_FFFFL);
    }

    /**
     * Gives up the oldest, but not so many in a second that slots which rest after it fill the table.
     *
     * @param proven for a source that is proven: half of them are kept for those, whoever else comes
     * @return whether there was one
     */
    boolean giveUpOldest(boolean proven) {
        if (!(proven ? provenLimit : limit).tryAcquire(cycle.nowNs())) {
            return false;
        }
        for (int i = 0; i < SEARCH_MAX && head != tail; i++) {
            long entry = entries[head++ & mask];
            long slot = entry >>> Integer.SIZE;
            if (flows.isLive(slot) && flows.wrap(flow, slot).sequence() == (int) entry && giveUp(slot)) {
                return true;
            }
        }
        return false;
    }

    /** Gives up the connection of a direction that is in somebody's way, if it is half-open. */
    boolean giveUpOwner(long reply) {
        long client = flows.partner(reply);
        if (client < 0) {
            return false;
        }
        flows.wrap(flow, client);
        return giveUp(client);
    }

    private boolean giveUp(long client) {
        int state = flow.tcpState();
        if (flow.isReply() || !FlowStates.isHalfOpen(state) || !halfOpen.move(flow, state, FlowStates.CLOSED)) {
            return false;
        }
        long reply = flows.partner(client);
        if (reply >= 0) {
            flows.remove(reply, cycle.nowTick());
        }
        flows.remove(client, cycle.nowTick());
        return true;
    }
}
