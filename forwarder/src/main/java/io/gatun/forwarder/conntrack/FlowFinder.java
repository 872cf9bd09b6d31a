package io.gatun.forwarder.conntrack;

import java.lang.invoke.VarHandle;
import org.agrona.UnsafeApi;

/** Lookup of IPv4 tuples without stores: a header line, normally one compare, a slot line. */
final class FlowFinder {
    private final Buckets buckets;
    private final ProbeOrder order;

    FlowFinder(Buckets buckets) {
        this.buckets = buckets;
        order = buckets.narrow;
    }

    long find(int source, int destination, int ports, int protocol, int hash) {
        return find(source, destination, ports, protocol, hash, Control.preferredSlot(hash));
    }

    /** The same, beginning with this slot of the home bucket. */
    long find(int source, int destination, int ports, int protocol, int hash, int preferred) {
        final int live = Control.word(hash, Control.LIVE);
        final int home = order.home(hash);
        return isFlow(buckets.narrowAddress(home), preferred, live, source, destination, ports, protocol)
                ? Buckets.slotId(home, preferred)
                : search(source, destination, ports, protocol, home, preferred, live);
    }

    /** The long way, for a flow that is not in the first place of its home. */
    private long search(int source, int destination, int ports, int protocol, int home, int preferred, int live) {
        int bucketId = home;
        for (int probe = 0; probe < order.probes; probe++) {
            final long bucket = buckets.narrowAddress(bucketId);
            int slot = preferred;
            for (int i = 0; i < TableLayout.SLOTS_PER_BUCKET; i++) {
                if (buckets.memory.acquire(Buckets.controlAddress(bucket, slot)) == live
                        && isFlow(bucket, slot, live, source, destination, ports, protocol)) {
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
        return find(draft.source, draft.destination, draft.ports, draft.protocol, draft.hash);
    }

    /**
     * Whether the slot holds this tuple, alive. The sequence read before the second look at the control word and again
     * after the key says that all three were of one flow, however long this thread was off the CPU in between.
     */
    private boolean isFlow(long bucket, int slot, int live, int source, int destination, int ports, int protocol) {
        final long address = Buckets.narrowSlotAddress(bucket, slot);
        final int sequence = UnsafeApi.getIntVolatile(null, address + FlowSlot.SEQUENCE_OFFSET);
        return buckets.memory.acquire(Buckets.controlAddress(bucket, slot)) == live
                && keyMatches(address, source, destination, ports, protocol)
                && sequence == UnsafeApi.getInt(address + FlowSlot.SEQUENCE_OFFSET);
    }

    boolean isFlow(int slotId, int live, FlowDraft draft) {
        final long bucket = buckets.narrowAddress(Buckets.bucketOfSlot(slotId));
        final int slot = Buckets.slotOf(slotId);
        return isFlow(bucket, slot, live, draft.source, draft.destination, draft.ports, draft.protocol);
    }

    boolean keyMatches(int slotId, FlowDraft draft) {
        final long address = buckets.addressOfSlot(slotId);
        return keyMatches(address, draft.source, draft.destination, draft.ports, draft.protocol);
    }

    /** Whether the first line of a slot, narrow or wide, has this key. Later reads are not ordered before it. */
    static boolean keyMatches(long address, int source, int destination, int ports, int protocol) {
        final boolean same = ((UnsafeApi.getInt(address + FlowSlot.SOURCE_OFFSET) ^ source)
                        | (UnsafeApi.getInt(address + FlowSlot.DESTINATION_OFFSET) ^ destination)
                        | (UnsafeApi.getInt(address + FlowSlot.PORTS_OFFSET) ^ ports)
                        | (UnsafeApi.getByte(address + FlowSlot.PROTOCOL_OFFSET) ^ (byte) protocol))
                == 0;
        VarHandle.loadLoadFence();
        return same;
    }
}
