package io.gatun.bench.peers;

/** The kernel's forwarding on one arm, with its receiving side on the forwarding CPU. */
final class KernelRouting implements Contender.Running {
    private final NapiThread napi;

    private KernelRouting(NapiThread napi) {
        this.napi = napi;
    }

    static KernelRouting start(Testbed bed) {
        bed.ipv4("ip_forward", "1");
        for (String scope : new String[] {"all", Testbed.DEVICE}) {
            bed.ipv4("conf/" + scope + "/send_redirects", "0"); // one-arm: each packet would cause one
            bed.ipv4("conf/" + scope + "/rp_filter", "0");
        }
        bed.lb().exec("ethtool", "-K", Testbed.DEVICE, "gro", "on");
        return new KernelRouting(NapiThread.start(bed, bed.forwardingCpu()));
    }

    @Override
    public long cpuNs() {
        return napi.cpuNs();
    }

    /** The namespace takes everything with it. */
    @Override
    public void close() {}
}
