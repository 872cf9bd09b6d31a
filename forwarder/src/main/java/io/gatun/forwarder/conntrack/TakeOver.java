package io.gatun.forwarder.conntrack;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Makes a table whose owner is gone whole again, before any agent runs: live flows stay, every other slot becomes free,
 * overflow counts are made anew. Only header lines are read.
 */
final class TakeOver {
    private final FlowTable table;
    private final Buckets buckets;
    private long halfInserted;

    TakeOver(FlowTable table) {
        this.table = table;
        buckets = table.buckets;
    }

    /** Slots that were being inserted when the owner died. */
    long run() {
        for (int index = buckets.layout.buckets() - 1; index >= 0; index--) {
            clearOverflow(buckets.bucketAt(index));
        }
        for (int index = buckets.layout.buckets() - 1; index >= 0; index--) {
            takeBucket(buckets.bucketAt(index));
        }
        return halfInserted;
    }

    private void clearOverflow(int bucketId) {
        final UnsafeBuffer region = buckets.region(bucketId);
        final int overflow = buckets.overflow(region, Buckets.headerOffset(bucketId));
        if (overflow != 0) {
            buckets.addOverflow(bucketId, -overflow);
        }
    }

    private void takeBucket(int bucketId) {
        for (int slot = 0; slot < TableLayout.SLOTS_PER_BUCKET; slot++) {
            final int slotId = Buckets.slotId(bucketId, slot);
            final int word = buckets.control(slotId);
            final int state = Control.state(word);
            if (state == Control.LIVE) {
                buckets.enter(word, slotId);
                table.live.add(word, 1);
            } else if (word != Control.FREE) {
                halfInserted += state == Control.DEAD ? 0 : 1;
                buckets.releaseControl(slotId, Control.FREE);
            }
        }
    }
}
