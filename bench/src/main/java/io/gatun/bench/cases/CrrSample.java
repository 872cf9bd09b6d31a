package io.gatun.bench.cases;

import io.gatun.bench.traffic.Wrk;

/**
 * One run.
 *
 * @param requests what wrk says
 * @param machineNs CPU time of the whole machine meanwhile
 * @param ownNs CPU time of the contender's own tasks meanwhile
 * @param note what the contender said of itself
 */
record CrrSample(Wrk.Result requests, long machineNs, long ownNs, String note) {
    private static final double NS_PER_S = 1e9;

    double perSecond() {
        return requests.perSecond();
    }

    /** Requests for each second of CPU time of the contender's own tasks; without such, without end. */
    double perOwnSecond() {
        return requests.requests() * NS_PER_S / ownNs;
    }

    double perMachineSecond() {
        return requests.requests() * NS_PER_S / machineNs;
    }

    /** Of a million. */
    double errors() {
        return 1e6 * requests.errors() / (requests.requests() + requests.errors());
    }
}
