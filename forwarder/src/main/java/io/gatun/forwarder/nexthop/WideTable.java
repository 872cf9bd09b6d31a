package io.gatun.forwarder.nexthop;

import java.util.Map;

/**
 * An immutable map from an IPv6 address within a scope (a link, a prefix length) to a long: open addressing, linear
 * probing, at most half full. A slot is four longs, so two share a cache line.
 */
final class WideTable {
    /** No such key; not allowed as a value. */
    static final long ABSENT = LongTable.ABSENT;

    private static final int SLOT_LONGS = 4;
    private static final int VALUE = 3;

    private final long[] slots;
    private final int shift;

    /**
     * A key.
     *
     * @param scope what tells equal addresses apart
     * @param high first eight bytes of the address
     * @param low last eight bytes of the address
     */
    record Key(int scope, long high, long low) {}

    private WideTable(int capacity) {
        slots = new long[SLOT_LONGS * capacity];
        shift = Long.SIZE - Integer.numberOfTrailingZeros(capacity);
        for (int i = VALUE; i < slots.length; i += SLOT_LONGS) {
            slots[i] = ABSENT;
        }
    }

    static WideTable of(Map<Key, Long> entries) {
        WideTable table = new WideTable(Integer.highestOneBit(Math.max(1, entries.size())) * 4);
        entries.forEach((key, value) -> table.insert(key, value));
        return table;
    }

    /** The value of a key, or {@link #ABSENT}. */
    long find(int scope, long high, long low) {
        return slots[slotOf(scope, high, low) + VALUE];
    }

    private void insert(Key key, long value) {
        int slot = slotOf(key.scope(), key.high(), key.low());
        slots[slot] = key.scope();
        slots[slot + 1] = key.high();
        slots[slot + 2] = key.low();
        slots[slot + VALUE] = value;
    }

    /** Where the key is, or the empty slot where it would be. */
    private int slotOf(int scope, long high, long low) {
        int slot = first(scope, high, low);
        while (slots[slot + VALUE] != ABSENT
                && (slots[slot + 2] != low || slots[slot + 1] != high || slots[slot] != scope)) {
            slot = (slot + SLOT_LONGS) & (slots.length - 1);
        }
        return slot;
    }

    private int first(int scope, long high, long low) {
        long mixed = (low + scope) * LongTable.GOLDEN;
        mixed = (mixed ^ (mixed >>> 32) ^ high) * LongTable.GOLDEN;
        mixed = (mixed ^ (mixed >>> 32)) * LongTable.GOLDEN;
        return (int) (mixed >>> shift) * SLOT_LONGS;
    }
}
