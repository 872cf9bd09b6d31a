package io.gatun.bench.peers;

/**
 * The kernel's own path: routing, conntrack, DNAT and SNAT by nftables. GRO on the device gives veth the NAPI without
 * which it takes no frames from XDP; the NAPI thread keeps all of it on the forwarding CPU.
 */
public final class NftablesContender implements Contender {
    @Override
    public String name() {
        return "nftables";
    }

    @Override
    public String setup() {
        return "nat table, prerouting dnat and postrouting snat, conntrack; GRO on, threaded NAPI pinned to the CPU";
    }

    @Override
    public Running start(Testbed bed) {
        KernelRouting routing = KernelRouting.start(bed);
        String rules = rules(
                "udp",
                Testbed.VIP.getHostAddress(),
                Testbed.SERVICE_PORT,
                Testbed.ENDPOINT.getHostAddress(),
                Testbed.ENDPOINT_PORT);
        bed.lb().exec("nft", rules);
        return routing;
    }

    /** Both translations of one service. */
    static String rules(String protocol, String vip, int port, String endpoint, int endpointPort) {
        return """
                table ip bench {
                  chain pre {
                    type nat hook prerouting priority dstnat;
                    ip daddr %2$s %1$s dport %3$d dnat to %4$s:%5$d
                  }
                  chain post {
                    type nat hook postrouting priority srcnat;
                    ip daddr %4$s %1$s dport %5$d snat to %2$s
                  }
                }
                """.formatted(protocol, vip, port, endpoint, endpointPort);
    }
}
