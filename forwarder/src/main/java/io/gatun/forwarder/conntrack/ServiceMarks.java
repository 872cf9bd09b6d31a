package io.gatun.forwarder.conntrack;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Which services may have flows in which bucket, a bit for every 32nd service id: ending the connections of one of many
 * services then looks at few buckets. A bit that is set may be stale, one that is not set is true: an inserter claims
 * its slot and then sets the bit, the sweeper clears a bit and then looks at the slots again, and of two threads that
 * both write before they read one sees the other.
 */
final class ServiceMarks {
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(int[].class);
    private static final int ALL = -1;

    private final int[] words;

    /** Marks of so many buckets, of which nothing is known yet. */
    ServiceMarks(int buckets) {
        words = new int[buckets];
        Arrays.fill(words, ALL);
    }

    static int bit(int serviceId) {
        return 1 << serviceId;
    }

    long lengthBytes() {
        return (long) words.length * Integer.BYTES;
    }

    /** Bits of the {@code index}th bucket. */
    int of(int index) {
        return (int) WORDS.getVolatile(words, index);
    }

    void add(int index, int bits) {
        if ((of(index) & bits) != bits) {
            WORDS.getAndBitwiseOr(words, index, bits);
        }
    }

    boolean compareAndSet(int index, int expected, int bits) {
        return WORDS.compareAndSet(words, index, expected, bits);
    }
}
