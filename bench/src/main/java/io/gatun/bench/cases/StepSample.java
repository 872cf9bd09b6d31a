package io.gatun.bench.cases;

/**
 * What one window of one step saw.
 *
 * @param target frames per second asked of the generator, 0 for as fast as can be
 * @param sent frames that the generator sent in the window
 * @param received frames that came back as they should
 * @param elapsedNs length of the window
 * @param cpuNs CPU time of the contender's tasks in the window
 */
record StepSample(int target, long sent, long received, long elapsedNs, long cpuNs) {
    private static final double NS_PER_S = 1e9;

    double offeredPps() {
        return sent * NS_PER_S / elapsedNs;
    }

    double receivedPps() {
        return received * NS_PER_S / elapsedNs;
    }

    /** Share of the frames that did not come back, 0 to 1; those in rings at both edges make it inexact by 1e-3. */
    double loss() {
        return sent == 0 ? 0 : Math.max(0, 1 - (double) received / sent);
    }

    double cpuNsPerPacket() {
        return received == 0 ? 0 : (double) cpuNs / received;
    }
}
