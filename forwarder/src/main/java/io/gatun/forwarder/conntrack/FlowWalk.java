package io.gatun.forwarder.conntrack;

/** A walk over all slots, in steps, round after round. For one thread. */
public final class FlowWalk {
    /** {@link #next}: nothing in as many buckets as were allowed. */
    public static final long NOTHING = -1;

    /** {@link #next}: the round is over, the next call begins another one. */
    public static final long END = -2;

    private final Buckets buckets;
    private int index;
    private int slot;

    FlowWalk(Buckets buckets) {
        this.buckets = buckets;
    }

    /**
     * Goes on to the next live flow.
     *
     * @param bucketsMax buckets to look at, at most
     * @return its slot id (never negative), or {@link #NOTHING}, or {@link #END}
     */
    public long next(int bucketsMax) {
        for (int left = bucketsMax; left > 0; left--) {
            if (index == buckets.count()) {
                index = 0;
                return END;
            }
            final int bucketId = buckets.bucketAt(index);
            final long bucket = buckets.address(bucketId);
            while (slot < TableLayout.SLOTS_PER_BUCKET) {
                final int word = buckets.memory.acquire(Buckets.controlAddress(bucket, slot));
                slot++;
                if (Control.state(word) == Control.LIVE) {
                    return Buckets.slotId(bucketId, slot - 1);
                }
            }
            slot = 0;
            index++;
        }
        return NOTHING;
    }
}
