package io.gatun.bench.peers;

import io.gatun.lab.Host;

/** The kernel's forwarding on one arm, with its receiving side on the forwarding CPU. */
public final class KernelRouting implements Contender.Running {
    private final NapiThread napi;

    private KernelRouting(NapiThread napi) {
        this.napi = napi;
    }

    static KernelRouting start(Testbed bed) {
        enable(bed.lb(), Testbed.DEVICE);
        bed.lb().exec("ethtool", "-K", Testbed.DEVICE, "gro", "on");
        return new KernelRouting(NapiThread.start(bed.lb(), bed.forwardingCpu()));
    }

    /** Lets a host route packets back out of the device by which they came. */
    public static void enable(Host host, String device) {
        ipv4(host, "ip_forward", "1");
        for (String scope : new String[] {"all", device}) {
            ipv4(host, "conf/" + scope + "/send_redirects", "0"); // one-arm: each packet would cause one
            ipv4(host, "conf/" + scope + "/rp_filter", "0");
        }
    }

    /** Sets a value below {@code /proc/sys/net/ipv4}. */
    private static void ipv4(Host host, String key, String value) {
        host.exec("sh", "-c", "echo " + value + " > /proc/sys/net/ipv4/" + key);
    }

    @Override
    public long cpuNs() {
        return napi.cpuNs();
    }

    /** The namespace takes everything with it. */
    @Override
    public void close() {}
}
