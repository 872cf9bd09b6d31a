package io.gatun.forwarder.conntrack;

/** Tuples for tests. */
final class Flows {
    static final int VIP = 0xC0A850C8;
    static final int UDP = 17;
    static final int TCP = 6;

    private Flows() {}

    /** Source address of flow {@code n}. */
    static int source(int n) {
        return 0x0A000000 + (n >>> 15);
    }

    /** Ports of flow {@code n}. */
    static int ports(int n) {
        return ((1024 + (n & 0x7FFF)) << 16) | 80;
    }

    static int hash(int n) {
        return FlowTable.hash(source(n), VIP, ports(n), TCP);
    }

    static FlowDraft fill(FlowDraft draft, int n) {
        return draft.key(source(n), VIP, ports(n), TCP, hash(n));
    }

    static FlowDraft draft(int n) {
        return fill(new FlowDraft(), n);
    }

    static long find(FlowTable table, int n) {
        return table.find(source(n), VIP, ports(n), TCP, hash(n));
    }

    /** Flows that all have one hash. */
    static FlowDraft colliding(int n) {
        return new FlowDraft().key(source(n), VIP, ports(n), TCP, 0);
    }

    static long findColliding(FlowTable table, int n) {
        return table.find(source(n), VIP, ports(n), TCP, 0);
    }

    static int overflowSum(FlowTable table) {
        int sum = 0;
        for (int index = 0; index < table.buckets.count(); index++) {
            final int bucketId = table.buckets.bucketAt(index);
            sum += table.buckets.overflow(table.buckets.address(bucketId));
        }
        return sum;
    }
}
