package io.gatun.forwarder.conntrack;

/** The conductor's walk over the table. Not thread safe: it keeps its place. */
final class FlowSweeper {
    private final FlowTable table;
    private final Buckets buckets;
    private final ServiceMarks marks;
    private final FlowSlot flow = new FlowSlot();
    private final FlowSlot other = new FlowSlot();
    private int cursor;

    FlowSweeper(FlowTable table) {
        this.table = table;
        buckets = table.buckets;
        marks = table.marks;
    }

    int sweep(int nowTick, int bucketBudget, ExpiryPolicy policy) {
        final int all = buckets.count();
        int removed = 0;
        for (int i = Math.min(bucketBudget, all); i > 0; i--) {
            removed += sweepBucket(cursor, nowTick, policy);
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
            removed += removeFrom(buckets.bucketAt(index), predicate, nowTick);
        }
        return removed;
    }

    int removeIf(int serviceId, FlowPredicate predicate, int nowTick) {
        final int bit = ServiceMarks.bit(serviceId);
        final FlowPredicate ofService = candidate -> candidate.serviceId() == serviceId && predicate.test(candidate);
        int removed = 0;
        for (int index = buckets.count() - 1; index >= 0; index--) {
            if ((marks.of(index) & bit) != 0) {
                removed += removeFrom(buckets.bucketAt(index), ofService, nowTick);
            }
        }
        return removed;
    }

    private int removeFrom(int bucketId, FlowPredicate predicate, int nowTick) {
        final long bucket = buckets.address(bucketId);
        int removed = 0;
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
        return removed;
    }

    private int sweepBucket(int index, int nowTick, ExpiryPolicy policy) {
        final int bucketId = buckets.bucketAt(index);
        final long bucket = buckets.address(bucketId);
        int removed = 0;
        int live = 0;
        int services = 0;
        for (int slot = 0; slot < TableLayout.SLOTS_PER_BUCKET; slot++) {
            final long control = Buckets.controlAddress(bucket, slot);
            final int word = buckets.memory.acquire(control);
            final int state = Control.state(word);
            if (state == Control.DEAD) {
                if (Control.deadFor(word, nowTick) >= FlowTable.GRACE_TICKS) {
                    buckets.memory.release(control, Control.FREE);
                }
            } else if (state == Control.LIVE) {
                final int slotId = Buckets.slotId(bucketId, slot);
                live |= 1 << slot;
                services |= ServiceMarks.bit(table.wrap(flow, slotId).serviceId());
                removed += expire(slotId, nowTick, policy);
            }
        }
        unmark(index, bucket, live, services);
        return removed;
    }

    /** Clears the marks of services of which the bucket had no flow, unless one is being inserted. */
    private void unmark(int index, long bucket, int live, int services) {
        final int marked = marks.of(index);
        if (marked == services || !marks.compareAndSet(index, marked, services)) {
            return;
        }
        for (int slot = 0; slot < TableLayout.SLOTS_PER_BUCKET; slot++) {
            final int state = Control.state(buckets.memory.acquire(Buckets.controlAddress(bucket, slot)));
            final boolean known = (live & 1 << slot) != 0;
            if (!known && state != Control.FREE && state != Control.DEAD) {
                marks.add(index, marked);
                return;
            }
        }
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
