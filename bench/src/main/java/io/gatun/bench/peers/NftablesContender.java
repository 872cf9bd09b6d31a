package io.gatun.bench.peers;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
        ConntrackRoom.raise(bed.flows().count());
        bed.lb()
                .exec(
                        "nft",
                        bed.flows().endpoints() == 1 ? one() : many(bed.flows().endpoints()));
        return routing;
    }

    private static String one() {
        return rules(
                "udp",
                Testbed.VIP.getHostAddress(),
                Testbed.SERVICE_PORT,
                Testbed.ENDPOINT.getHostAddress(),
                Testbed.ENDPOINT_PORT);
    }

    /** New flows go to the endpoints in turn. */
    private static String many(int endpoints) {
        String endpoint = Testbed.ENDPOINT.getHostAddress();
        String turns = IntStream.range(0, endpoints)
                .mapToObj(i -> i + " : " + endpoint + " . " + (Testbed.ENDPOINT_PORT + i))
                .collect(Collectors.joining(", "));
        return """
                table ip bench {
                  chain pre {
                    type nat hook prerouting priority dstnat;
                    ip daddr %1$s udp dport %2$d dnat ip to numgen inc mod %3$d map { %4$s }
                  }
                  chain post {
                    type nat hook postrouting priority srcnat;
                    ip daddr %5$s udp dport %6$d-%7$d snat to %1$s
                  }
                }
                """.formatted(
                        Testbed.VIP.getHostAddress(),
                        Testbed.SERVICE_PORT,
                        endpoints,
                        turns,
                        endpoint,
                        Testbed.ENDPOINT_PORT,
                        Testbed.ENDPOINT_PORT + endpoints - 1);
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
