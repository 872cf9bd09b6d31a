package io.gatun.forwarder.balance;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The same flow to the same endpoint, on every node and after every change that leaves that endpoint in place: the
 * lookup table of "Maglev: A Fast and Reliable Software Network Load Balancer" (NSDI 2016), section 3.4. Each usable
 * endpoint has a permutation of the table's places by its identity, and they take places in turn until none is left.
 */
public final class Maglev implements Policy {
    /**
     * A prime, 500 times the 32 endpoints of a service: shares differ by less than a hundredth, and when an endpoint goes,
     * less than 2 % of the others' flows move.
     */
    static final int PLACES = 16_381;

    private static final long FIRST = 0xBF58_476D_1CE4_E5B9L;
    private static final long SECOND = 0x94D0_49BB_1331_11EBL;
    private static final short FREE = -1;

    private final short[] places = new short[PLACES];
    private final boolean[] usable;

    /**
     * A policy over these endpoints.
     *
     * @param identities per endpoint, a number made from its address and port alone
     * @param usable per endpoint, whether new flows may be sent to it
     */
    public Maglev(long[] identities, boolean[] usable) {
        this.usable = usable.clone();
        Arrays.fill(places, FREE);
        int[] next = new int[identities.length];
        int[] order = byIdentity(identities);
        int taken = 0;
        int last = -1;
        while (taken < PLACES && last != taken) {
            last = taken;
            for (int turn = 0; turn < order.length && taken < PLACES; turn++) {
                int endpoint = order[turn];
                if (usable[endpoint]) {
                    place(identities[endpoint], endpoint, next);
                    taken++;
                }
            }
        }
    }

    @Override
    public int choose(int flowHash) {
        return places[Integer.remainderUnsigned(flowHash, PLACES)];
    }

    @Override
    public int peek(int flowHash) {
        return choose(flowHash);
    }

    @Override
    public boolean accepts(int endpoint) {
        return usable[endpoint];
    }

    /** Who comes first must not depend on the order in which endpoints were given: that may differ between nodes. */
    private static int[] byIdentity(long[] identities) {
        return IntStream.range(0, identities.length)
                .boxed()
                .sorted(Comparator.comparingLong(endpoint -> identities[endpoint]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private void place(long identity, int endpoint, int[] next) {
        long mixed = mix(identity);
        int offset = (int) Long.remainderUnsigned(mixed, PLACES);
        int skip = 1 + (int) Long.remainderUnsigned(mix(mixed), PLACES - 1);
        int place;
        do {
            place = (int) ((offset + (long) next[endpoint]++ * skip) % PLACES);
        } while (places[place] != FREE);
        places[place] = (short) endpoint;
    }

    private static long mix(long value) {
        long h = (value ^ (value >>> 30)) * FIRST;
        h = (h ^ (h >>> 27)) * SECOND;
        return h ^ (h >>> 31);
    }
}
