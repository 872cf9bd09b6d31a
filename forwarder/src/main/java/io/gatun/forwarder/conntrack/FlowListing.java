package io.gatun.forwarder.conntrack;

/** Copies flows out of the table for people to look at. One instance per listing. */
final class FlowListing {
    private final FlowWalk walk;
    private final FlowCopy copy;
    private final Buckets buckets;

    FlowListing(Buckets buckets) {
        this.buckets = buckets;
        walk = new FlowWalk(buckets);
        copy = new FlowCopy(buckets);
    }

    int forEachLive(FlowVisitor visitor, int limit) {
        int shown = 0;
        long slotId = 0;
        while (shown < limit && slotId >= 0) {
            slotId = walk.next(buckets.count());
            if (slotId >= 0 && copy.take(slotId)) {
                visitor.onFlow(copy.flow(), slotId);
                shown++;
            }
        }
        return shown;
    }
}
