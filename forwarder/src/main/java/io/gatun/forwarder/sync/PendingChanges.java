package io.gatun.forwarder.sync;

import io.gatun.forwarder.conntrack.ChangeRings;
import org.agrona.collections.LongHashSet;

/**
 * Notices that were read together, each changed flow once: a handshake is several notices within a moment, and a flow
 * that is looked at after the last of them needs one record.
 */
final class PendingChanges implements ChangeRings.Reader {
    private static final int MAX = 1_024;

    private final ChangeRings changes;
    private final long[] slots = new long[MAX];
    private final int[] sequences = new int[MAX];
    private final boolean[] removals = new boolean[MAX];
    private final LongHashSet changed = new LongHashSet(2 * MAX);
    private int next;
    private int count;

    PendingChanges(ChangeRings changes) {
        this.changes = changes;
    }

    /** Reads more when there are none left. @return whether there are any */
    boolean fill() {
        if (next == count) {
            next = 0;
            count = 0;
            changed.clear();
            changes.read(this, MAX);
        }
        return next < count;
    }

    /** Hands the next one on. There must be one. */
    void take(ChangeRings.Reader reader) {
        int i = next++;
        if (removals[i]) {
            reader.onRemoved(slots[i], sequences[i]);
        } else {
            reader.onChanged(slots[i], sequences[i]);
        }
    }

    /** Those that were not taken yet. */
    long waiting() {
        return count - next + changes.waiting();
    }

    @Override
    public void onChanged(long slotId, int sequence) {
        if (changed.add(slotId)) {
            add(slotId, sequence, /* removal= */ false);
        }
    }

    @Override
    public void onRemoved(long slotId, int sequence) {
        changed.remove(slotId); // what comes later is another flow
        add(slotId, sequence, /* removal= */ true);
    }

    private void add(long slotId, int sequence, boolean removal) {
        slots[count] = slotId;
        sequences[count] = sequence;
        removals[count] = removal;
        count++;
    }
}
