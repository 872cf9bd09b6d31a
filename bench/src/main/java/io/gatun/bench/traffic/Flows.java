package io.gatun.bench.traffic;

/**
 * How many flows there are, and between how many endpoints a rule shares them. One VIP as source has some 64,000 ports
 * towards one endpoint; more flows need more endpoints.
 *
 * @param count of flows, 1-1000000
 * @param endpoints of the rule, at one address, on ports that follow each other
 */
public record Flows(int count, int endpoints) {
    /** What other cases than {@code forward} have. */
    public static final Flows USUAL = new Flows(1_000, 1);

    /** So that even a choice by hash keeps well below the ports that there are. */
    private static final int PER_ENDPOINT = 32_000;

    private static final int COUNT_MAX = 1_000_000;

    public Flows {
        if (count < 1 || count > COUNT_MAX) {
            throw new IllegalArgumentException("flows=" + count + ", give 1-" + COUNT_MAX);
        }
        if (endpoints < 1 || count > endpoints * PER_ENDPOINT) {
            throw new IllegalArgumentException(
                    "endpoints=" + endpoints + " for " + count + " flows, give one for each " + PER_ENDPOINT);
        }
    }

    /** So many, and as few endpoints as that takes. */
    public static Flows of(int count) {
        return new Flows(count, Math.max(1, Math.ceilDiv(count, PER_ENDPOINT)));
    }

    /** As many as usual, with the same rule. */
    public Flows few() {
        return new Flows(USUAL.count, endpoints);
    }
}
