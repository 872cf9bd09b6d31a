package io.gatun.forwarder.nat;

import java.util.Arrays;

/**
 * The source ports that may be given to flows, and the order in which a flow tries them: a walk through the whole space
 * that starts at, and steps by, numbers from the flow's hash, so that two nodes with the same table choose alike.
 */
public final class PortSpace {
    /** A full walk could take thousands of probes; after these the space counts as exhausted for this flow. */
    public static final int TRIES_MAX = 256;

    private static final int STRIDES_MAX = 64;

    /** 2^16 divided by the golden ratio: spreads the strides over the space. */
    private static final int GOLDEN = 40_503;

    private final int first;
    private final int count;
    private final int[] strides;

    /**
     * A space of ports.
     *
     * @param first lowest port, at least 1
     * @param last highest port, at most 65535
     */
    public PortSpace(int first, int last) {
        if (first < 1 || last > 65_535 || first > last) {
            throw new IllegalArgumentException(
                    "nat-ports=" + first + "-" + last + ", must be a range within 1-65535, such as 1024-65535");
        }
        this.first = first;
        this.count = last - first + 1;
        this.strides = strides(count);
    }

    public int first() {
        return first;
    }

    public int last() {
        return first + count - 1;
    }

    /** Ports in the space. */
    public int size() {
        return count;
    }

    /** The port of the {@code attempt}th try of a flow, counted from 0; {@link #size} tries visit each port once. */
    public int port(int flowHash, int attempt) {
        long start = Integer.toUnsignedLong(flowHash) % count;
        int step = strides[Integer.remainderUnsigned(Integer.rotateLeft(flowHash, 16), strides.length)];
        return first + (int) ((start + (long) attempt * step) % count);
    }

    /** Steps that have no divisor in common with the size: any other would walk through a part of the space only. */
    private static int[] strides(int count) {
        int[] strides = new int[STRIDES_MAX];
        int found = 0;
        for (int i = 0; i < count && found < STRIDES_MAX; i++) {
            int candidate = 1 + (int) ((long) i * GOLDEN % Math.max(1, count - 1));
            if (greatestCommonDivisor(candidate, count) == 1) {
                strides[found++] = candidate;
            }
        }
        return Arrays.copyOf(strides, found);
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
