package io.gatun.forwarder.conntrack;

import java.lang.invoke.VarHandle;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/** Copies flows out of the table for people to look at. One instance per listing. */
final class FlowListing {
    private final Buckets buckets;
    private final UnsafeBuffer copy = new UnsafeBuffer(
            BufferUtil.allocateDirectAligned(TableLayout.WIDE_SLOT_LENGTH, TableLayout.WIDE_SLOT_LENGTH));
    private final FlowSlot flow = new FlowSlot();

    FlowListing(Buckets buckets) {
        this.buckets = buckets;
    }

    int forEachLive(FlowVisitor visitor, int limit) {
        int shown = 0;
        for (int index = 0; index < buckets.count() && shown < limit; index++) {
            final int bucketId = buckets.bucketAt(index);
            final long bucket = buckets.address(bucketId);
            for (int slot = 0; slot < TableLayout.SLOTS_PER_BUCKET && shown < limit; slot++) {
                final int word = buckets.memory.acquire(Buckets.controlAddress(bucket, slot));
                final int slotId = Buckets.slotId(bucketId, slot);
                if (Control.state(word) == Control.LIVE && copy(slotId)) {
                    flow.wrap(copy.addressOffset(), Buckets.isWideSlot(slotId));
                    visitor.onFlow(flow, slotId);
                    shown++;
                }
            }
        }
        return shown;
    }

    /** Same validation as a lookup: sequence, control word, contents, sequence. */
    private boolean copy(int slotId) {
        if (Control.state(buckets.control(slotId)) != Control.LIVE) {
            return false;
        }
        final long address = buckets.addressOfSlot(slotId);
        final int length = Buckets.isWideSlot(slotId) ? TableLayout.WIDE_SLOT_LENGTH : TableLayout.LINE_LENGTH;
        final int sequence = UnsafeApi.getIntVolatile(null, address + FlowSlot.SEQUENCE_OFFSET);
        final int word = buckets.control(slotId);
        for (int offset = 0; offset < length; offset += Long.BYTES) {
            copy.putLong(offset, UnsafeApi.getLong(address + offset));
        }
        VarHandle.loadLoadFence();
        return Control.state(word) == Control.LIVE && UnsafeApi.getInt(address + FlowSlot.SEQUENCE_OFFSET) == sequence;
    }
}
