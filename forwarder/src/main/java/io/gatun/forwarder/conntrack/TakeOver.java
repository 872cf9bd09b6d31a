package io.gatun.forwarder.conntrack;

/**
 * Makes a table whose owner is gone whole again, before any agent runs: live flows stay, every other slot becomes free,
 * overflow counts are made anew. Header lines are read once, in the order of memory, and slots not at all.
 */
final class TakeOver {
    private final FlowTable table;
    private final Buckets buckets;
    private final int[] found;
    private final int[] needed;
    private long halfInserted;

    TakeOver(FlowTable table) {
        this.table = table;
        buckets = table.buckets;
        found = new int[buckets.count()];
        needed = new int[found.length];
    }

    /** Slots that were being inserted when the owner died. */
    long run() {
        for (int index = 0; index < found.length; index++) {
            takeBucket(index);
        }
        for (int index = 0; index < found.length; index++) {
            if (found[index] != needed[index]) {
                buckets.addOverflow(buckets.bucketAt(index), needed[index] - found[index]);
            }
        }
        return halfInserted;
    }

    private void takeBucket(int index) {
        final int bucketId = buckets.bucketAt(index);
        final long bucket = buckets.address(bucketId);
        int live = 0;
        for (int slot = 0; slot < TableLayout.SLOTS_PER_BUCKET; slot++) {
            final long control = Buckets.controlAddress(bucket, slot);
            final int word = buckets.memory.acquire(control);
            final int state = Control.state(word);
            if (state == Control.LIVE) {
                live++;
                countOverflow(word, bucketId);
            } else if (word != Control.FREE) {
                halfInserted += state == Control.DEAD ? 0 : 1;
                buckets.memory.release(control, Control.FREE);
            }
        }
        found[index] = buckets.overflow(bucket);
        if (live > 0) {
            table.live.add(bucketId, live);
        }
    }

    private void countOverflow(int word, int bucketId) {
        final ProbeOrder order = buckets.orderOf(bucketId);
        for (int passed = order.home(word); passed != bucketId; passed = order.next(passed)) {
            needed[buckets.indexOf(passed)]++;
        }
    }
}
