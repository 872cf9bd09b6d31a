package io.gatun.forwarder.conntrack;

import java.lang.invoke.VarHandle;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/** A flow as it was at one moment, taken out of a table whose other threads go on. For one thread. */
public final class FlowCopy {
    private final Buckets buckets;
    private final UnsafeBuffer memory = new UnsafeBuffer(
            BufferUtil.allocateDirectAligned(TableLayout.WIDE_SLOT_LENGTH, TableLayout.WIDE_SLOT_LENGTH));
    private final FlowSlot flow = new FlowSlot();

    FlowCopy(Buckets buckets) {
        this.buckets = buckets;
    }

    /** What was taken last. */
    public FlowSlot flow() {
        return flow;
    }

    /** Takes a live flow; false when there is none in the slot, or it went meanwhile. */
    public boolean take(long slotId) {
        return take((int) slotId, Control.LIVE);
    }

    /** Takes a flow of which the slot rests; false when it is another one, or none that rests. */
    public boolean takeRemoved(long slotId, int sequence) {
        return take((int) slotId, Control.DEAD) && flow.sequence() == sequence;
    }

    /** Same validation as a lookup: sequence, control word, contents, sequence. */
    private boolean take(int slotId, int state) {
        if (Control.state(buckets.control(slotId)) != state) {
            return false;
        }
        final long address = buckets.addressOfSlot(slotId);
        final boolean wide = Buckets.isWideSlot(slotId);
        final int length = wide ? TableLayout.WIDE_SLOT_LENGTH : TableLayout.LINE_LENGTH;
        final int sequence = UnsafeApi.getIntVolatile(null, address + FlowSlot.SEQUENCE_OFFSET);
        final int word = buckets.control(slotId);
        for (int offset = 0; offset < length; offset += Long.BYTES) {
            memory.putLong(offset, UnsafeApi.getLong(address + offset));
        }
        VarHandle.loadLoadFence();
        flow.wrap(memory.addressOffset(), wide);
        return Control.state(word) == state && UnsafeApi.getInt(address + FlowSlot.SEQUENCE_OFFSET) == sequence;
    }
}
