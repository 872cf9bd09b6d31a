package io.gatun.forwarder.conntrack;

/** The conductor's walk over the table. Not thread safe: it keeps its place. */
final class FlowSweeper {
    private final FlowTable table;
    private final Buckets buckets;
    private final FlowSlot flow = new FlowSlot();
    private final FlowSlot other = new FlowSlot();
    private int cursor;

    FlowSweeper(FlowTable table) {
        this.table = table;
        buckets = table.buckets;
    }

    int sweep(int nowTick, int bucketBudget, ExpiryPolicy policy) {
        final int all = buckets.count();
        int removed = 0;
        for (int i = Math.min(bucketBudget, all); i > 0; i--) {
            removed += sweepBucket(buckets.bucketAt(cursor), nowTick, policy);
            cursor++;
            if (cursor == all) {
                cursor = 0;
                policy.roundComplete();
            }
        }
        return removed;
    }

    int removeIf(FlowPredicate predicate, int nowTick) {
        int removed = 0;
        for (int index = buckets.count() - 1; index >= 0; index--) {
            final int bucketId = buckets.bucketAt(index);
            final long bucket = buckets.address(bucketId);
            for (int slot = 0; slot < TableLayout.SLOTS_PER_BUCKET; slot++) {
                final int word = buckets.memory.acquire(Buckets.controlAddress(bucket, slot));
                if (Control.state(word) != Control.LIVE) {
                    continue;
                }
                final int slotId = Buckets.slotId(bucketId, slot);
                if (predicate.test(table.wrap(flow, slotId)) && table.remove(slotId, nowTick)) {
                    removed++;
                }
            }
        }
        return removed;
    }

    private int sweepBucket(int bucketId, int nowTick, ExpiryPolicy policy) {
        final long bucket = buckets.address(bucketId);
        int removed = 0;
        for (int slot = 0; slot < TableLayout.SLOTS_PER_BUCKET; slot++) {
            final long control = Buckets.controlAddress(bucket, slot);
            final int word = buckets.memory.acquire(control);
            final int state = Control.state(word);
            if (state == Control.DEAD) {
                if (Control.deadFor(word, nowTick) >= FlowTable.GRACE_TICKS) {
                    buckets.memory.release(control, Control.FREE);
                }
            } else if (state == Control.LIVE) {
                removed += expire(Buckets.slotId(bucketId, slot), nowTick, policy);
            }
        }
        return removed;
    }

    private int expire(int slotId, int nowTick, ExpiryPolicy policy) {
        policy.visited(table.wrap(flow, slotId));
        if (!isSilent(flow, nowTick, policy)) {
            return 0;
        }
        final long partner = table.partner(slotId);
        if (partner < 0) {
            final int removed = remove(flow, slotId, nowTick, policy);
            if (removed > 0) {
                policy.expiredAlone(flow);
            }
            return removed;
        }
        if (!isSilent(table.wrap(other, partner), nowTick, policy)) {
            return 0;
        }
        final int removed = remove(flow, slotId, nowTick, policy) + remove(other, partner, nowTick, policy);
        if (removed == 2) {
            policy.expired(flow, other);
        }
        return removed;
    }

    private static boolean isSilent(FlowSlot flow, int nowTick, ExpiryPolicy policy) {
        return nowTick - flow.lastSeenTick() > policy.timeoutTicks(flow);
    }

    private int remove(FlowSlot flow, long slotId, int nowTick, ExpiryPolicy policy) {
        if (!table.remove(slotId, nowTick)) {
            return 0;
        }
        policy.removed(flow, slotId);
        policy.expired(flow);
        return 1;
    }
}
