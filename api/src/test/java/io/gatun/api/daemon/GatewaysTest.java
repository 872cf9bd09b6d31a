package io.gatun.api.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewaysTest {
    private static final String HEAD =
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
    private static final String ANY = "00000000000000000000000000000000 00 00000000000000000000000000000000 00 ";

    @TempDir
    Path directory;

    @Test
    void thoseOfTheInterfaceWithTheLowestMetricAreTaken() throws IOException {
        Path routes = file("route", HEAD + """
                eth0\t00000000\t0250A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
                eth0\t00000000\t0150A8C0\t0003\t0\t0\t50\t00000000\t0\t0\t0
                eth0\t0050A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
                eth1\t00000000\t0950A8C0\t0003\t0\t0\t1\t00000000\t0\t0\t0
                """.replace("\\t", "\t"));
        Path routes6 = file(
                "ipv6_route",
                ANY + "fe800000000000000000000000000001 00000400 00000001 00000000 00450003     eth0\n" + ANY
                        + "00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n");
        assertEquals(
                List.of(InetAddress.ofLiteral("192.168.80.1"), InetAddress.ofLiteral("fe80::1")),
                Gateways.of("eth0", routes, routes6));
    }

    @Test
    void withoutOneThereIsNone() throws IOException {
        assertEquals(List.of(), Gateways.of("eth0", file("route", HEAD), directory.resolve("missing")));
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
