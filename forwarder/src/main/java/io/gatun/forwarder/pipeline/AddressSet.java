package io.gatun.forwarder.pipeline;

import java.util.List;

/**
 * An immutable set of addresses, 128 bits each: open addressing, at most half full. An IPv4 address is the mapped one,
 * see {@link #mapped}.
 */
final class AddressSet {
    /** The upper half of a mapped IPv4 address, RFC 4291 section 2.5.5.2. */
    static final long MAPPED_HIGH = 0;

    private static final long MAPPED = 0x0000_FFFF_0000_0000L;
    private static final long FIRST = 0x9E37_79B9_7F4A_7C15L;
    private static final long SECOND = 0xBF58_476D_1CE4_E5B9L;

    private final long[] highs;
    private final long[] lows;
    private final boolean[] taken;
    private final int mask;
    private final boolean empty;

    /** One address. */
    record Address(long high, long low) {}

    /** Collects addresses, of which many may be the same, in a table that grows with those that are not. */
    static final class Builder {
        private static final int CAPACITY_MIN = 2;

        private long[] highs = new long[CAPACITY_MIN];
        private long[] lows = new long[CAPACITY_MIN];
        private boolean[] taken = new boolean[CAPACITY_MIN];
        private int size;

        Builder addAll(List<Address> addresses) {
            for (Address address : addresses) {
                add(address.high(), address.low());
            }
            return this;
        }

        void add(long high, long low) {
            int slot = slot(high, low);
            if (taken[slot]) {
                return;
            }
            put(slot, high, low);
            size++;
            if (size * 2 > taken.length) {
                grow();
            }
        }

        /** Where the address is, or is to be. */
        private int slot(long high, long low) {
            int slot = hash(high, low) & (taken.length - 1);
            while (taken[slot] && (highs[slot] != high || lows[slot] != low)) {
                slot = (slot + 1) & (taken.length - 1);
            }
            return slot;
        }

        private void put(int slot, long high, long low) {
            taken[slot] = true;
            highs[slot] = high;
            lows[slot] = low;
        }

        private void grow() {
            long[] oldHighs = highs;
            long[] oldLows = lows;
            boolean[] oldTaken = taken;
            int capacity = oldTaken.length * 2;
            highs = new long[capacity];
            lows = new long[capacity];
            taken = new boolean[capacity];
            for (int i = 0; i < oldTaken.length; i++) {
                if (oldTaken[i]) {
                    put(slot(oldHighs[i], oldLows[i]), oldHighs[i], oldLows[i]);
                }
            }
        }

        /** The set of them; nothing can be added after it. */
        AddressSet build() {
            return new AddressSet(this);
        }
    }

    AddressSet(List<Address> addresses) {
        this(new Builder().addAll(addresses));
    }

    private AddressSet(Builder builder) {
        highs = builder.highs;
        lows = builder.lows;
        taken = builder.taken;
        mask = taken.length - 1;
        empty = builder.size == 0;
    }

    /** The lower half of the mapped form of an IPv4 address. */
    static long mapped(int address) {
        return MAPPED | Integer.toUnsignedLong(address);
    }

    /** Whether 128 bits are a mapped IPv4 address. */
    static boolean isMapped(long high, long low) {
        return high == MAPPED_HIGH && low >>> 32 == MAPPED >>> 32;
    }

    boolean isEmpty() {
        return empty;
    }

    boolean contains(long high, long low) {
        return find(high, low) >= 0;
    }

    /** Where the address lies, 0 to {@link #capacity}, or -1. */
    int find(long high, long low) {
        for (int slot = hash(high, low) & mask; taken[slot]; slot = (slot + 1) & mask) {
            if (highs[slot] == high && lows[slot] == low) {
                return slot;
            }
        }
        return -1;
    }

    int capacity() {
        return mask + 1;
    }

    static int hash(long high, long low) {
        long h = (high ^ FIRST) * SECOND;
        h = (h ^ (h >>> 32) ^ low) * FIRST;
        return (int) (h >>> 32);
    }
}
