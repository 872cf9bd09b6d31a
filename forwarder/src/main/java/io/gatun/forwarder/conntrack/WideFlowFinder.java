package io.gatun.forwarder.conntrack;

import java.lang.invoke.VarHandle;
import org.agrona.UnsafeApi;

/**
 * Lookup of IPv6 tuples, the twin of {@link FlowFinder}: a header line and the two lines of a slot. It is a class of its
 * own so that the loop over IPv4 tuples has no virtual call and no branch on the kind.
 */
final class WideFlowFinder {
    private final Buckets buckets;
    private final ProbeOrder order;

    WideFlowFinder(Buckets buckets) {
        this.buckets = buckets;
        order = buckets.wide;
    }

    long find(long srcHigh, long srcLow, long dstHigh, long dstLow, int ports, int protocol, int hash) {
        return find(srcHigh, srcLow, dstHigh, dstLow, ports, protocol, hash, Control.preferredSlot(hash));
    }

    /** The same, beginning with this slot of the home bucket. */
    long find(long srcHigh, long srcLow, long dstHigh, long dstLow, int ports, int protocol, int hash, int preferred) {
        final int live = Control.word(hash, Control.LIVE);
        final int home = order.home(hash);
        return isFlow(buckets.wideAddress(home), preferred, live, srcHigh, srcLow, dstHigh, dstLow, ports, protocol)
                ? Buckets.slotId(home, preferred)
                : search(srcHigh, srcLow, dstHigh, dstLow, ports, protocol, home, preferred, live);
    }

    /** The long way, for a flow that is not in the first place of its home. */
    private long search(
            long srcHigh,
            long srcLow,
            long dstHigh,
            long dstLow,
            int ports,
            int protocol,
            int home,
            int preferred,
            int live) {
        int bucketId = home;
        for (int probe = 0; probe < order.probes; probe++) {
            final long bucket = buckets.wideAddress(bucketId);
            int slot = preferred;
            for (int i = 0; i < TableLayout.SLOTS_PER_BUCKET; i++) {
                if (buckets.memory.acquire(Buckets.controlAddress(bucket, slot)) == live
                        && isFlow(bucket, slot, live, srcHigh, srcLow, dstHigh, dstLow, ports, protocol)) {
                    return Buckets.slotId(bucketId, slot);
                }
                slot = slot == TableLayout.SLOTS_PER_BUCKET - 1 ? 0 : slot + 1;
            }
            if (buckets.overflow(bucket) == 0) {
                return FlowTable.NOT_FOUND;
            }
            bucketId = order.next(bucketId);
        }
        return FlowTable.NOT_FOUND;
    }

    long find(FlowDraft draft) {
        return find(
                draft.sourceHigh,
                draft.sourceLow,
                draft.destinationHigh,
                draft.destinationLow,
                draft.ports,
                draft.protocol,
                draft.hash);
    }

    /** As in {@link FlowFinder}: an address torn between two flows has two sequences around it. */
    private boolean isFlow(
            long bucket,
            int slot,
            int live,
            long srcHigh,
            long srcLow,
            long dstHigh,
            long dstLow,
            int ports,
            int protocol) {
        final long address = Buckets.wideSlotAddress(bucket, slot);
        final int sequence = UnsafeApi.getIntVolatile(null, address + FlowSlot.SEQUENCE_OFFSET);
        return buckets.memory.acquire(Buckets.controlAddress(bucket, slot)) == live
                && keyMatches(address, srcHigh, srcLow, dstHigh, dstLow, ports, protocol)
                && sequence == UnsafeApi.getInt(address + FlowSlot.SEQUENCE_OFFSET);
    }

    boolean isFlow(int slotId, int live, FlowDraft draft) {
        return isFlow(
                buckets.wideAddress(Buckets.bucketOfSlot(slotId)),
                Buckets.slotOf(slotId),
                live,
                draft.sourceHigh,
                draft.sourceLow,
                draft.destinationHigh,
                draft.destinationLow,
                draft.ports,
                draft.protocol);
    }

    boolean keyMatches(int slotId, FlowDraft draft) {
        return keyMatches(
                buckets.addressOfSlot(slotId),
                draft.sourceHigh,
                draft.sourceLow,
                draft.destinationHigh,
                draft.destinationLow,
                draft.ports,
                draft.protocol);
    }

    /** The digests first, which are in the line at hand; the addresses decide. */
    private static boolean keyMatches(
            long address, long srcHigh, long srcLow, long dstHigh, long dstLow, int ports, int protocol) {
        final int source = FlowHash.digest(srcHigh, srcLow);
        final int destination = FlowHash.digest(dstHigh, dstLow);
        if (!FlowFinder.keyMatches(address, source, destination, ports, protocol)) {
            return false;
        }
        final boolean same = ((UnsafeApi.getLong(address + FlowSlot.WIDE_SOURCE_OFFSET) ^ srcHigh)
                        | (UnsafeApi.getLong(address + FlowSlot.WIDE_SOURCE_OFFSET + Long.BYTES) ^ srcLow)
                        | (UnsafeApi.getLong(address + FlowSlot.WIDE_DESTINATION_OFFSET) ^ dstHigh)
                        | (UnsafeApi.getLong(address + FlowSlot.WIDE_DESTINATION_OFFSET + Long.BYTES) ^ dstLow))
                == 0;
        VarHandle.loadLoadFence();
        return same;
    }
}
