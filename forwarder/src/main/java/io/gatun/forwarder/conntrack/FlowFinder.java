package io.gatun.forwarder.conntrack;

import java.lang.invoke.VarHandle;
import org.agrona.concurrent.UnsafeBuffer;

/** Lookup without stores: a header line, normally one compare, a slot line. */
final class FlowFinder {
    private final Buckets buckets;

    FlowFinder(Buckets buckets) {
        this.buckets = buckets;
    }

    long find(int source, int destination, int ports, int protocol, int hash) {
        final int live = Control.word(hash, Control.LIVE);
        final int preferred = Control.preferredSlot(hash);
        int bucketId = buckets.home(hash);
        final UnsafeBuffer region = buckets.region(bucketId);
        for (int probe = 0; probe < buckets.probes; probe++) {
            final int header = Buckets.headerOffset(bucketId);
            int slot = preferred;
            for (int i = 0; i < TableLayout.SLOTS_PER_BUCKET; i++) {
                if (buckets.memory.acquire(region, header + slot * Integer.BYTES) == live
                        && isFlow(region, header, slot, live, source, destination, ports, protocol)) {
                    return Buckets.slotId(bucketId, slot);
                }
                slot = slot == TableLayout.SLOTS_PER_BUCKET - 1 ? 0 : slot + 1;
            }
            if (buckets.overflow(region, header) == 0) {
                return FlowTable.NOT_FOUND;
            }
            bucketId = buckets.next(bucketId);
        }
        return FlowTable.NOT_FOUND;
    }

    /**
     * Whether the slot holds this tuple, alive. The sequence read before the second look at the control word and again
     * after the key says that all three were of one flow, however long this thread was off the CPU in between.
     */
    private boolean isFlow(
            UnsafeBuffer region, int header, int slot, int live, int source, int destination, int ports, int protocol) {
        final int offset = Buckets.slotOffset(header, slot);
        final int sequence = region.getIntVolatile(offset + FlowSlot.SEQUENCE_OFFSET);
        return buckets.memory.acquire(region, header + slot * Integer.BYTES) == live
                && keyMatches(region, offset, source, destination, ports, protocol)
                && sequence == region.getInt(offset + FlowSlot.SEQUENCE_OFFSET);
    }

    boolean isFlow(int slotId, int live, int source, int destination, int ports, int protocol) {
        final int header = Buckets.headerOffset(Buckets.bucketOfSlot(slotId));
        return isFlow(
                buckets.regionOfSlot(slotId),
                header,
                Buckets.slotOf(slotId),
                live,
                source,
                destination,
                ports,
                protocol);
    }

    boolean keyMatches(int slotId, int source, int destination, int ports, int protocol) {
        return keyMatches(
                buckets.regionOfSlot(slotId), Buckets.offsetOfSlot(slotId), source, destination, ports, protocol);
    }

    private static boolean keyMatches(
            UnsafeBuffer region, int offset, int source, int destination, int ports, int protocol) {
        final boolean same = ((region.getInt(offset + FlowSlot.SOURCE_OFFSET) ^ source)
                        | (region.getInt(offset + FlowSlot.DESTINATION_OFFSET) ^ destination)
                        | (region.getInt(offset + FlowSlot.PORTS_OFFSET) ^ ports)
                        | (region.getByte(offset + FlowSlot.PROTOCOL_OFFSET) ^ (byte) protocol))
                == 0;
        VarHandle.loadLoadFence();
        return same;
    }
}
