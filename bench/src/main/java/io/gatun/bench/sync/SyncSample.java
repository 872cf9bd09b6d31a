package io.gatun.bench.sync;

/**
 * What one window saw.
 *
 * @param packets forwarded
 * @param elapsedNs length of the window
 * @param agentNs CPU time of the thread that forwards
 * @param exchangeNs CPU time of this node's exchange: its thread and that of its Aeron driver
 */
record SyncSample(long packets, long elapsedNs, long agentNs, long exchangeNs) {
    private static final double NS_PER_S = 1e9;

    double packetsPerSecond() {
        return packets * NS_PER_S / elapsedNs;
    }

    double nsPerPacket() {
        return (double) agentNs / packets;
    }

    /** Of a CPU, 0 to 1. */
    double exchangeShare() {
        return (double) exchangeNs / elapsedNs;
    }
}
