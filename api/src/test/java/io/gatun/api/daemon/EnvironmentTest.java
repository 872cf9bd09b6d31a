package io.gatun.api.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {
    private static final String HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\n";

    @TempDir
    Path directory;

    @Test
    void missingCapabilitiesAreNamed() {
        long netAndLock = 1L << 12 | 1L << 13 | 1L << 14;
        assertEquals(List.of("CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_BPF", "CAP_IPC_LOCK"), Preflight.missing(0));
        assertEquals(List.of(), Preflight.missing(netAndLock | 1L << 39));
        assertEquals(List.of(), Preflight.missing(netAndLock | 1L << 21));
        assertEquals(List.of("CAP_NET_RAW"), Preflight.missing(1L << 12 | 1L << 14 | 1L << 39));
    }

    @Test
    void interfaceThatIsNotHereNamesThoseThatAre() {
        StartException e = assertThrows(StartException.class, () -> HostInterfaces.choose(List.of("lo", "eth77")));
        assertTrue(e.getMessage().startsWith("--interface=eth77 is not here, give one of "), e.getMessage());
        assertTrue(e.getMessage().contains("lo"), e.getMessage());
        assertEquals(List.of("lo"), HostInterfaces.choose(List.of("lo", "lo")));
    }

    @Test
    void whitelistOverridesBlacklistAndBothAreFoundAnywhere() throws IOException {
        device("bond0", "1", "0x1003");
        device("eth0", "1", "0x1003");
        device("eth1", "1", "0x1002");
        device("tun0", "65534", "0x1003");
        List<String> present = List.of("bond0", "eth0", "eth1", "gatun0", "gatun1", "lo", "tun0", "veth9");
        assertEquals(List.of("eth0", "veth9"), choose("eth", null, present));
        assertEquals(List.of("eth0"), choose("^eth", "eth", present));
        assertEquals(List.of("bond0"), choose(null, "eth", present));
        assertEquals(List.of("bond0", "eth0", "veth9"), choose(null, "x", present));
        StartException e = assertThrows(StartException.class, () -> choose("wlan", null, present));
        assertEquals(
                "--whitelist=wlan leaves no interface of bond0, eth0, veth9, give another expression", e.getMessage());
    }

    private List<String> choose(String whitelist, String blacklist, List<String> present) {
        return HostInterfaces.choose(
                Optional.ofNullable(whitelist).map(Pattern::compile),
                Optional.ofNullable(blacklist).map(Pattern::compile),
                present,
                directory);
    }

    private void device(String name, String type, String flags) throws IOException {
        Path device = Files.createDirectory(directory.resolve(name));
        Files.writeString(device.resolve("type"), type + "\n");
        Files.writeString(device.resolve("flags"), flags + "\n");
    }

    @Test
    void interfacesWithoutAddressAreListedToo() throws IOException {
        Path devices = directory.resolve("dev");
        Files.writeString(devices, """
                Inter-|   Receive                            |  Transmit
                 face |bytes    packets errs drop fifo frame |bytes    packets
                    lo:       0       0    0    0    0     0 0 0
                enp3s0f0np0:1234567       9    0    0    0     0 0 0
                """);
        assertEquals(List.of("enp3s0f0np0", "lo"), HostInterfaces.names(devices));
    }

    @Test
    void defaultRouteWithTheLowestMetricWins() throws IOException {
        Path routes = directory.resolve("route");
        Files.writeString(
                routes,
                HEAD + "wlan0\t00000000\t0150A8C0\t0003\t0\t0\t600\t00000000\t0\n"
                        + "eth0\t00000000\t0150A8C0\t0003\t0\t0\t100\t00000000\t0\n"
                        + "eth1\t0050A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\n");
        assertEquals("eth0", HostInterfaces.defaultRoute(routes, List.of("eth0")));
        Files.writeString(routes, HEAD);
        StartException e =
                assertThrows(StartException.class, () -> HostInterfaces.defaultRoute(routes, List.of("eth0", "lo")));
        assertTrue(e.getMessage().endsWith("give --interface=NAME with one of eth0, lo"), e.getMessage());
    }
}
