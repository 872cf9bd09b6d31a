package io.gatun.forwarder.nexthop;

import java.util.Map;

/** An immutable map from long to long: open addressing, linear probing, at most half full. */
final class LongTable {
    /** No such key; not allowed as a value. */
    static final long ABSENT = Long.MIN_VALUE;

    /** 2^64 divided by the golden ratio: spreads keys that differ in few bits (Knuth, TAOCP vol. 3, 6.4). */
    static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private final long[] slots;
    private final int shift;

    private LongTable(int capacity) {
        slots = new long[2 * capacity];
        shift = Long.SIZE - Integer.numberOfTrailingZeros(capacity);
        for (int i = 1; i < slots.length; i += 2) {
            slots[i] = ABSENT;
        }
    }

    static LongTable of(Map<Long, Long> entries) {
        LongTable table = new LongTable(Integer.highestOneBit(Math.max(1, entries.size())) * 4);
        for (Map.Entry<Long, Long> entry : entries.entrySet()) {
            table.insert(entry.getKey(), entry.getValue());
        }
        return table;
    }

    /** The value of a key, or {@link #ABSENT}. */
    long find(long key) {
        int slot = first(key);
        while (slots[slot + 1] != ABSENT && slots[slot] != key) {
            slot = after(slot);
        }
        return slots[slot + 1];
    }

    private void insert(long key, long value) {
        int slot = first(key);
        while (slots[slot + 1] != ABSENT) {
            slot = after(slot);
        }
        slots[slot] = key;
        slots[slot + 1] = value;
    }

    private int first(long key) {
        return (int) ((key * GOLDEN) >>> shift) << 1;
    }

    private int after(int slot) {
        return (slot + 2) & (slots.length - 1);
    }
}
