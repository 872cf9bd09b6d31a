package io.gatun.forwarder.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.pipeline.NeighbourRequests;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.netlink.NetworkState;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.LinkSpec;
import io.gatun.lab.junit.LabTest;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What an agent asks for, the kernel resolves. */
@LabTest
class NeighboursTest {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(15);

    @Test
    void nextHopsOfBothFamiliesAreResolvedOnRequest(Lab lab) throws Exception {
        Host host = lab.host("lb", LinkSpec.of("192.168.80.5/24"));
        Host endpoint = lab.host("e1", LinkSpec.of("192.168.80.101/24"));
        host.exec("ip", "addr", "add", "fd00:80::5/64", "dev", "eth0", "nodad");
        endpoint.exec("ip", "addr", "add", "fd00:80::101/64", "dev", "eth0", "nodad");

        host.run(() -> {
            try (NetworkState network = NetworkState.open(Libc.system())) {
                Neighbours neighbours = new Neighbours(new ServiceBook());
                NeighbourRequests requests = neighbours.requests();
                int link = network.link("eth0").orElseThrow().index();
                for (String literal : new String[] {"192.168.80.101", "fd00:80::101"}) {
                    InetAddress address = Specs.address(literal);
                    long high = Addresses.high(address);
                    long low = Addresses.low(address);
                    await(() -> {
                        requests.resolve(link, high, low);
                        neighbours.doWork(System.nanoTime(), network, NextHopSnapshots.of(network));
                        network.await(50);
                        network.poll(64);
                        return NextHopSnapshots.of(network).macFor(link, high, low) >= 0;
                    });
                    assertEquals(mac(endpoint), NextHopSnapshots.of(network).macFor(link, high, low), literal);
                }
                assertEquals(
                        NextHopTable.UNRESOLVED, NextHopSnapshots.of(network).macFor(link, 0xfdL << 56, 9));
            }
        });
    }

    private static long mac(Host host) {
        return Long.parseLong(host.mac().replace(":", ""), 16);
    }

    private static void await(BooleanSupplier condition) {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - startNs < PATIENCE_NS, "not resolved");
        }
    }
}
