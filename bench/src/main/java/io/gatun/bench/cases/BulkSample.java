package io.gatun.bench.cases;

import io.gatun.bench.traffic.Iperf;

/**
 * One transfer.
 *
 * @param transfer what iperf3 says
 * @param machineNs CPU time of the whole machine meanwhile
 * @param ownNs CPU time of the contender's own tasks meanwhile
 * @param note what the contender said of itself
 */
record BulkSample(Iperf.Result transfer, long machineNs, long ownNs, String note) {
    double bitsPerSecond() {
        return transfer.bitsPerSecond();
    }

    double machineNsPerByte() {
        return (double) machineNs / transfer.bytes();
    }

    double ownNsPerByte() {
        return (double) ownNs / transfer.bytes();
    }

    double senderNsPerByte() {
        return (double) transfer.senderNs() / transfer.bytes();
    }

    double receiverNsPerByte() {
        return (double) transfer.receiverNs() / transfer.bytes();
    }
}
