package io.gatun.forwarder.conntrack;

/** Tuples for tests that prove the same of narrow and wide slots. Flow {@code n} differs from all others in its tuple. */
enum Family {
    IPV4 {
        @Override
        int hash(int n) {
            return Flows.hash(n);
        }

        @Override
        FlowDraft fill(FlowDraft draft, int n, int hash) {
            return draft.key(Flows.source(n), Flows.VIP, Flows.ports(n), Flows.TCP, hash);
        }

        @Override
        long find(FlowTable table, int n, int hash) {
            return table.find(Flows.source(n), Flows.VIP, Flows.ports(n), Flows.TCP, hash);
        }

        @Override
        LookupAhead lookupAhead(FlowTable table, int capacity) {
            return table.lookupAhead(capacity);
        }

        @Override
        long find(FlowTable table, int n, int hash, int slot) {
            return table.find(Flows.source(n), Flows.VIP, Flows.ports(n), Flows.TCP, hash, slot);
        }

        @Override
        ProbeOrder order(FlowTable table) {
            return table.buckets.narrow;
        }
    },

    IPV6 {
        @Override
        int hash(int n) {
            return FlowTable.hash6(NETWORK, sourceLow(n), NETWORK, VIP_LOW, Flows.ports(n), Flows.TCP);
        }

        @Override
        FlowDraft fill(FlowDraft draft, int n, int hash) {
            return draft.key6(NETWORK, sourceLow(n), NETWORK, VIP_LOW, Flows.ports(n), Flows.TCP, hash);
        }

        @Override
        long find(FlowTable table, int n, int hash) {
            return table.find6(NETWORK, sourceLow(n), NETWORK, VIP_LOW, Flows.ports(n), Flows.TCP, hash);
        }

        @Override
        LookupAhead lookupAhead(FlowTable table, int capacity) {
            return table.lookupAhead6(capacity);
        }

        @Override
        long find(FlowTable table, int n, int hash, int slot) {
            return table.find6(NETWORK, sourceLow(n), NETWORK, VIP_LOW, Flows.ports(n), Flows.TCP, hash, slot);
        }

        @Override
        ProbeOrder order(FlowTable table) {
            return table.buckets.wide;
        }
    };

    /** 2001:db8::/64. */
    static final long NETWORK = 0x2001_0DB8_0000_0000L;

    static final long VIP_LOW = 0xC8;

    /** Last half of the source address of flow {@code n}. */
    static long sourceLow(int n) {
        return 0x1000_0000L + (n >>> 15);
    }

    /** IPv4 and IPv6 in turns, two flows each. */
    static Family inTurns(int n) {
        return (n & 2) == 0 ? IPV4 : IPV6;
    }

    abstract int hash(int n);

    abstract FlowDraft fill(FlowDraft draft, int n, int hash);

    abstract long find(FlowTable table, int n, int hash);

    abstract LookupAhead lookupAhead(FlowTable table, int capacity);

    abstract long find(FlowTable table, int n, int hash, int slot);

    abstract ProbeOrder order(FlowTable table);

    FlowDraft draft(int n) {
        return fill(new FlowDraft(), n, hash(n));
    }

    long find(FlowTable table, int n) {
        return find(table, n, hash(n));
    }

    /** Flows that all have one hash. */
    FlowDraft colliding(int n) {
        return fill(new FlowDraft(), n, 0);
    }

    long findColliding(FlowTable table, int n) {
        return find(table, n, 0);
    }
}
