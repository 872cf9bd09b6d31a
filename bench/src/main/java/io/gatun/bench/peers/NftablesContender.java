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
        bed.lb().exec("nft", rules());
        return routing;
    }

    private static String rules() {
        String vip = Testbed.VIP.getHostAddress();
        String endpoint = Testbed.ENDPOINT.getHostAddress();
        return """
                table ip bench {
                  chain pre {
                    type nat hook prerouting priority dstnat;
                    ip daddr %s udp dport %d dnat to %s:%d
                  }
                  chain post {
                    type nat hook postrouting priority srcnat;
                    ip daddr %s udp dport %d snat to %s
                  }
                }
                """.formatted(
                vip, Testbed.SERVICE_PORT, endpoint, Testbed.ENDPOINT_PORT, endpoint, Testbed.ENDPOINT_PORT, vip);
    }
}
