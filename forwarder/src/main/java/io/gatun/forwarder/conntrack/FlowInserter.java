package io.gatun.forwarder.conntrack;

import java.lang.invoke.VarHandle;
import org.agrona.UnsafeApi;

/**
 * The insert protocol: publish first, look for rivals second.
 *
 * <p>Two threads that insert one tuple both publish PENDING and then both scan. The one that published later scans after
 * the other published, so it cannot miss it: it finds it LIVE and gives up, or PENDING and kills it, and the killed
 * one's step to LIVE fails. So two never become LIVE. When each kills the other, both try again.
 */
final class FlowInserter {
    private static final int ATTEMPTS = 64;
    private static final int NONE = -1;

    private final Buckets buckets;
    private final FlowFinder finder;
    private final WideFlowFinder wideFinder;
    private final ServiceMarks marks;

    FlowInserter(Buckets buckets, FlowFinder finder, WideFlowFinder wideFinder, ServiceMarks marks) {
        this.buckets = buckets;
        this.marks = marks;
        this.finder = finder;
        this.wideFinder = wideFinder;
    }

    /** Slot id, or {@code ~slotId} of the flow that was there, or FULL, or BUSY; see {@link FlowTable#insert}. */
    long insert(FlowDraft draft, int nowTick) {
        final ProbeOrder order = draft.isWide() ? buckets.wide : buckets.narrow;
        marks.of(buckets.indexOf(order.home(draft.hash))); // its miss is under way with those of the lookup
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            final long existing = draft.isWide() ? wideFinder.find(draft) : finder.find(draft);
            if (existing >= 0) {
                return ~existing;
            }
            final int claimed = claim(order, draft.hash);
            if (claimed == NONE) {
                return FlowTable.FULL;
            }
            marks.add(buckets.indexOf(Buckets.bucketOfSlot(claimed)), ServiceMarks.bit(draft.serviceId()));
            publish(draft, claimed, nowTick);
            final int rival = suppressRivals(order, draft, claimed);
            if (rival != NONE) {
                abandon(draft.hash, claimed);
                return ~(long) rival;
            }
            if (buckets.compareAndSetControl(
                    claimed, Control.word(draft.hash, Control.PENDING), Control.word(draft.hash, Control.LIVE))) {
                return claimed;
            }
            abandon(draft.hash, claimed);
            backOff(attempt, claimed);
        }
        return FlowTable.BUSY;
    }

    private int claim(ProbeOrder order, int hash) {
        int bucketId = order.home(hash);
        for (int probe = 0; probe < order.probes; probe++) {
            final int slotId = claimIn(bucketId, hash);
            if (slotId != NONE) {
                return slotId;
            }
            buckets.addOverflow(bucketId, 1);
            bucketId = order.next(bucketId);
        }
        int passed = order.home(hash);
        for (int probe = 0; probe < order.probes; probe++) {
            buckets.addOverflow(passed, -1);
            passed = order.next(passed);
        }
        return NONE;
    }

    private int claimIn(int bucketId, int hash) {
        final int word = Control.word(hash, Control.CLAIMED);
        int slot = Control.preferredSlot(hash);
        for (int i = 0; i < TableLayout.SLOTS_PER_BUCKET; i++) {
            final int slotId = Buckets.slotId(bucketId, slot);
            if (buckets.control(slotId) == Control.FREE && buckets.compareAndSetControl(slotId, Control.FREE, word)) {
                return slotId;
            }
            slot = slot == TableLayout.SLOTS_PER_BUCKET - 1 ? 0 : slot + 1;
        }
        return NONE;
    }

    private void publish(FlowDraft draft, int slotId, int nowTick) {
        final long address = buckets.addressOfSlot(slotId);
        // A reader that sees any byte of the new flow must see the new sequence too.
        UnsafeApi.putInt(address + FlowSlot.SEQUENCE_OFFSET, UnsafeApi.getInt(address + FlowSlot.SEQUENCE_OFFSET) + 1);
        VarHandle.storeStoreFence();
        draft.writeTo(address, nowTick);
        buckets.releaseControl(slotId, Control.word(draft.hash, Control.PENDING));
        // The scan that follows must not be ordered before the publication.
        VarHandle.fullFence();
    }

    private int suppressRivals(ProbeOrder order, FlowDraft draft, int own) {
        int bucketId = order.home(draft.hash);
        for (int probe = 0; probe < order.probes; probe++) {
            for (int slot = 0; slot < TableLayout.SLOTS_PER_BUCKET; slot++) {
                final int slotId = Buckets.slotId(bucketId, slot);
                if (slotId != own && isLiveRival(draft, slotId)) {
                    return slotId;
                }
            }
            if (buckets.overflow(buckets.address(bucketId)) == 0) {
                return NONE;
            }
            bucketId = order.next(bucketId);
        }
        return NONE;
    }

    /** Kills the flow in this slot when it is a pending one of the same tuple; true when it is alive. */
    private boolean isLiveRival(FlowDraft draft, int slotId) {
        final int pending = Control.word(draft.hash, Control.PENDING);
        final int live = Control.word(draft.hash, Control.LIVE);
        final int killed = Control.word(draft.hash, Control.KILLED);
        int word = buckets.control(slotId);
        while (word == pending) {
            if (!keyMatches(draft, slotId) || buckets.compareAndSetControl(slotId, pending, killed)) {
                return false;
            }
            word = buckets.control(slotId);
        }
        return word == live && isFlow(draft, slotId, live);
    }

    private boolean keyMatches(FlowDraft draft, int slotId) {
        return draft.isWide() ? wideFinder.keyMatches(slotId, draft) : finder.keyMatches(slotId, draft);
    }

    private boolean isFlow(FlowDraft draft, int slotId, int live) {
        return draft.isWide() ? wideFinder.isFlow(slotId, live, draft) : finder.isFlow(slotId, live, draft);
    }

    private void abandon(int hash, int slotId) {
        buckets.releaseControl(slotId, Control.FREE);
        buckets.leave(hash, slotId);
    }

    /** Unequal pauses part two threads that keep killing each other. */
    private static void backOff(int attempt, int slotId) {
        final int spins = ((slotId & 15) + 1) << Math.min(attempt, 8);
        for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
        }
    }
}
