package io.gatun.forwarder.conntrack;

import java.lang.invoke.VarHandle;
import org.agrona.concurrent.UnsafeBuffer;

/** Copies flows out of the table for people to look at. One instance per listing. */
final class FlowListing {
    private final Buckets buckets;
    private final UnsafeBuffer copy = new UnsafeBuffer(new byte[FlowSlot.LENGTH]);
    private final FlowSlot flow = new FlowSlot().wrap(copy, 0);

    FlowListing(Buckets buckets) {
        this.buckets = buckets;
    }

    int forEachLive(FlowVisitor visitor, int limit) {
        int shown = 0;
        for (int index = 0; index < buckets.layout.buckets() && shown < limit; index++) {
            final int bucketId = buckets.bucketAt(index);
            for (int slot = 0; slot < TableLayout.SLOTS_PER_BUCKET && shown < limit; slot++) {
                final int slotId = Buckets.slotId(bucketId, slot);
                if (copy(slotId)) {
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
        final UnsafeBuffer region = buckets.regionOfSlot(slotId);
        final int offset = Buckets.offsetOfSlot(slotId);
        final int sequence = region.getIntVolatile(offset + FlowSlot.SEQUENCE_OFFSET);
        final int word = buckets.control(slotId);
        copy.putBytes(0, region, offset, FlowSlot.LENGTH);
        VarHandle.loadLoadFence();
        return Control.state(word) == Control.LIVE && region.getInt(offset + FlowSlot.SEQUENCE_OFFSET) == sequence;
    }
}
