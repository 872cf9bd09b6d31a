package io.gatun.forwarder.pipeline;

import java.util.Collection;
import org.agrona.BitUtil;
import org.agrona.collections.LongLongConsumer;

/**
 * An immutable set of addresses, 128 bits each: open addressing, at most half full. An IPv4 address is the mapped one,
 * see {@link #mapped}.
 */
final class AddressSet {
    /** The upper half of a mapped IPv4 address, RFC 4291 section 2.5.5.2. */
    static final long MAPPED_HIGH = 0;

    private static final int CAPACITY_MIN = 2;
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

    AddressSet(Collection<Address> addresses) {
        int capacity = BitUtil.findNextPositivePowerOfTwo(Math.max(CAPACITY_MIN, addresses.size() * 2));
        highs = new long[capacity];
        lows = new long[capacity];
        taken = new boolean[capacity];
        mask = capacity - 1;
        empty = addresses.isEmpty();
        addresses.forEach(this::put);
    }

    private void put(Address address) {
        int slot = hash(address.high(), address.low()) & mask;
        while (taken[slot] && (highs[slot] != address.high() || lows[slot] != address.low())) {
            slot = (slot + 1) & mask;
        }
        taken[slot] = true;
        highs[slot] = address.high();
        lows[slot] = address.low();
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

    /** Each address once. */
    void forEach(LongLongConsumer consumer) {
        for (int slot = 0; slot <= mask; slot++) {
            if (taken[slot]) {
                consumer.accept(highs[slot], lows[slot]);
            }
        }
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
