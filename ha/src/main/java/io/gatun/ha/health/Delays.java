package io.gatun.ha.health;

/** How long answers took: of all since the first. */
final class Delays {
    private long minNs = Long.MAX_VALUE;
    private long maxNs;
    private double sumNs;
    private long count;

    void add(long delayNs) {
        minNs = Math.min(minNs, delayNs);
        maxNs = Math.max(maxNs, delayNs);
        sumNs += delayNs;
        count++;
    }

    boolean any() {
        return count > 0;
    }

    long minNs() {
        return count == 0 ? 0 : minNs;
    }

    long avgNs() {
        return count == 0 ? 0 : Math.round(sumNs / count);
    }

    long maxNs() {
        return maxNs;
    }
}
