package io.gatun.bench.cases;

/**
 * What one window saw.
 *
 * @param sent frames that the generators sent
 * @param received frames that came back as they should
 * @param elapsedNs length of the window
 * @param ownNs CPU time of Gatun's tasks in the window
 * @param coresNs CPU time of everything on the cores that have a queue
 */
record QueuesSample(long sent, long received, long elapsedNs, long ownNs, long coresNs) {
    private static final double NS_PER_S = 1e9;

    double receivedPps() {
        return received * NS_PER_S / elapsedNs;
    }

    /** Share of the frames that did not come back, 0 to 1. */
    double loss() {
        return sent == 0 ? 0 : Math.max(0, 1 - (double) received / sent);
    }

    double ownNsPerPacket() {
        return received == 0 ? 0 : (double) ownNs / received;
    }

    double coresNsPerPacket() {
        return received == 0 ? 0 : (double) coresNs / received;
    }
}
