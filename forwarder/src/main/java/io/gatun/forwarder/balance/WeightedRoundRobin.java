package io.gatun.forwarder.balance;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Each new flow to the next turn of a list in which an endpoint stands as often as its weight says, its turns spread
 * evenly (smooth weighted round robin).
 */
public final class WeightedRoundRobin implements Policy {
    /** Turns of the list at most; shares are rounded to it when the weights need more. */
    static final int TURNS_MAX = 4_096;

    private final int[] turns;
    private final boolean[] usable;
    private final AtomicLong cursor;

    /**
     * A policy over these endpoints.
     *
     * @param weights per endpoint, from 0
     * @param usable per endpoint, whether new flows may be sent to it
     * @param cursor flows chosen so far; handed on when the rule changes, shared by all agents
     */
    public WeightedRoundRobin(int[] weights, boolean[] usable, AtomicLong cursor) {
        this.usable = usable.clone();
        this.cursor = cursor;
        this.turns = turns(shares(weights, usable));
    }

    @Override
    public int choose(int flowHash) {
        return turns.length == 0 ? NONE : turns[(int) (cursor.getAndIncrement() % turns.length)];
    }

    @Override
    public int peek(int flowHash) {
        return turns.length == 0 ? NONE : turns[(int) (cursor.get() % turns.length)];
    }

    @Override
    public boolean accepts(int endpoint) {
        return usable[endpoint];
    }

    /** Turns per endpoint. */
    private static int[] shares(int[] weights, boolean[] usable) {
        long sum = 0;
        int divisor = 0;
        for (int i = 0; i < weights.length; i++) {
            if (usable[i]) {
                sum += weights[i];
                divisor = gcd(weights[i], divisor);
            }
        }
        int[] shares = new int[weights.length];
        for (int i = 0; i < weights.length; i++) {
            if (usable[i] && weights[i] > 0) {
                shares[i] = sum / divisor <= TURNS_MAX
                        ? weights[i] / divisor
                        : (int) Math.max(1, (weights[i] * (long) TURNS_MAX + sum / 2) / sum);
            }
        }
        return shares;
    }

    /** Each turn goes to the endpoint that is furthest behind its share. */
    private static int[] turns(int[] shares) {
        int all = 0;
        for (int share : shares) {
            all += share;
        }
        int[] turns = new int[all];
        int[] behind = new int[shares.length];
        for (int turn = 0; turn < all; turn++) {
            int next = 0;
            for (int i = 0; i < shares.length; i++) {
                behind[i] += shares[i];
                if (behind[i] > behind[next]) {
                    next = i;
                }
            }
            behind[next] -= all;
            turns[turn] = next;
        }
        return turns;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
