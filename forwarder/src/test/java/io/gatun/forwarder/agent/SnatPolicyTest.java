package io.gatun.forwarder.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatun.forwarder.agent.ForwarderOptions.Snat;
import io.gatun.forwarder.control.AddressText;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.nat.PortSpace;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Design, section 3.4: the source comes back to us and, where it can, moves with the VIP. */
class SnatPolicyTest {
    private static final String VIP = "192.168.80.200";
    private static final String VIP6 = "fd00:80::200";

    @Test
    void aVipOfTheLinkIsItsOwnSource() {
        assertEquals("192.168.80.200:1024-65535 moves", choose(Snat.VIP, null, VIP, "192.168.80.5/24"));
    }

    @Test
    void anyOfTheLinksSubnetsWillDo() {
        assertEquals("192.168.80.200:1024-65535 moves", choose(Snat.VIP, null, VIP, "10.0.0.5/8", "192.168.80.5/24"));
    }

    @Test
    void aVipElsewhereHasTheNodeAsItsSource() {
        assertEquals("192.168.80.5:10000-29999 stays", choose(Snat.VIP, null, "10.9.9.9", "192.168.80.5/24"));
    }

    @Test
    void aVipThatTheNodeHasIsNoFloatingAddress() {
        assertEquals("192.168.80.200:10000-29999 stays", choose(Snat.VIP, null, VIP, "192.168.80.200/24"));
    }

    @Test
    void theNodesAddressMayBeAskedFor() {
        assertEquals("192.168.80.5:10000-29999 stays", choose(Snat.NODE, null, VIP, "192.168.80.5/24"));
    }

    @Test
    void aConfiguredFloatingAddressGoesFirst() {
        assertEquals("192.168.80.77:1024-65535 moves", choose(Snat.VIP, "192.168.80.77", VIP, "192.168.80.5/24"));
        assertEquals("192.168.80.77:1024-65535 moves", choose(Snat.NODE, "192.168.80.77", "10.9.9.9"));
    }

    @Test
    void configuredPortsHoldForBoth() {
        SnatPolicy policy = new SnatPolicy(Specs.options(Snat.VIP, null, 5_000, 5_999));

        assertEquals(
                "192.168.80.200:5000-5999 moves",
                text(policy.choose(
                        Specs.service(VIP, Protocol.TCP, 80, NatMode.ONE_ARM, "192.168.80.101:8080"),
                        Specs.node("192.168.80.5/24"),
                        "eth0")));
        assertEquals(
                "192.168.80.5:5000-5999 stays",
                text(policy.choose(
                        Specs.service("10.9.9.9", Protocol.TCP, 80, NatMode.ONE_ARM, "192.168.80.101:8080"),
                        Specs.node("192.168.80.5/24"),
                        "eth0")));
    }

    @Test
    void secondaryAddressesAreNotTheNodes() {
        NodeAddresses node = new NodeAddresses(
                List.of(
                        Specs.on(Specs.INTERFACE, "192.168.80.6/24", 0x01),
                        Specs.on(Specs.INTERFACE + 1, "172.16.0.1/16", 0),
                        Specs.on(Specs.INTERFACE, "192.168.80.5/24", 0)),
                Specs.INTERFACE);
        SnatPolicy policy = new SnatPolicy(Specs.options(Snat.NODE, null, 0, 0));

        assertEquals(
                "192.168.80.5:10000-29999 stays",
                text(policy.choose(
                        Specs.service(VIP, Protocol.TCP, 80, NatMode.ONE_ARM, "192.168.80.101:8080"), node, "eth0")));
    }

    @Test
    void aLinkWithoutAddressesIsNamedWithTheCure() {
        RejectedException e = assertThrows(RejectedException.class, () -> choose(Snat.VIP, null, VIP));

        assertEquals(
                "externalIP=192.168.80.200, cannot be the source towards 192.168.80.101, and eth0 has no IPv4 address to"
                        + " send from: give it one, or start with --snat-address",
                e.getMessage());
        assertEquals(RejectedException.Kind.INVALID, e.kind());
    }

    @Test
    void anIpv6VipOfTheLinkIsItsOwnSource() {
        assertEquals(
                "fd00:80::200:1024-65535 moves",
                choose(NatMode.ONE_ARM, VIP6, "[fd00:80::101]:8080", null, "192.168.80.5/24", "fd00:80::5/64"));
        assertEquals(
                "fd00:80::5:10000-29999 stays",
                choose(NatMode.ONE_ARM, "fd00:99::1", "[fd00:80::101]:8080", null, "fd00:80::5/64"));
    }

    @Test
    void behindNat64TheVipIsOfTheWrongFamily() {
        for (NatMode mode : new NatMode[] {NatMode.ONE_ARM, NatMode.DNAT, NatMode.FULL_NAT}) {
            assertEquals(
                    "192.168.80.5:10000-29999 stays",
                    choose(mode, VIP6, "192.168.80.101:8080", null, "192.168.80.5/24", "fd00:80::5/64"));
        }
        SnatPolicy floating = new SnatPolicy(Specs.options(Snat.VIP, "192.168.80.77", 0, 0));
        assertEquals(
                "192.168.80.77:1024-65535 moves",
                text(floating.choose(
                        spec(NatMode.ONE_ARM, VIP6, "192.168.80.101:8080", null),
                        Specs.node("192.168.80.5/24"),
                        "eth0")));
    }

    @Test
    void nat64NeedsAnIpv4AddressOnTheLink() {
        RejectedException e = assertThrows(
                RejectedException.class,
                () -> choose(NatMode.ONE_ARM, VIP6, "192.168.80.101:8080", null, "fd00:80::5/64"));

        assertEquals(
                "externalIP=fd00:80::200, cannot be the source towards 192.168.80.101, and eth0 has no IPv4 address to"
                        + " send from: give it one, or start with --snat-address",
                e.getMessage());
    }

    @Test
    void aFloatingAddressOfIpv4IsNoSourceTowardsIpv6() {
        SnatPolicy floating = new SnatPolicy(Specs.options(Snat.VIP, "192.168.80.77", 0, 0));

        assertEquals(
                "fd00:80::200:1024-65535 moves",
                text(floating.choose(
                        spec(NatMode.ONE_ARM, VIP6, "[fd00:80::101]:8080", null),
                        Specs.node("fd00:80::5/64"),
                        "eth0")));
    }

    @Test
    void fullNatHasTheChosenAddressOrTheVipWhereverItLies() {
        assertEquals(
                "192.168.80.77:1024-65535 moves",
                choose(NatMode.FULL_NAT, VIP, "192.168.80.101:8080", "192.168.80.77", "192.168.80.5/24"));
        assertEquals(
                "192.168.80.5:10000-29999 stays",
                choose(NatMode.FULL_NAT, VIP, "192.168.80.101:8080", "192.168.80.5", "192.168.80.5/24"),
                "the node's own address, in its range of ports");
        assertEquals(
                "10.9.9.9:1024-65535 moves",
                choose(NatMode.FULL_NAT, "10.9.9.9", "192.168.80.101:8080", null, "192.168.80.5/24"));
        assertEquals(
                "192.168.80.77:1024-65535 moves",
                choose(NatMode.FULL_NAT, VIP6, "192.168.80.101:8080", "192.168.80.77", "192.168.80.5/24"));
    }

    @Test
    void aTunnelComesFromTheNodeAsTheEndpointHasTheVipItself() {
        assertEquals(
                "192.168.80.5:10000-29999 moves",
                choose(NatMode.DSR, VIP, "10.9.9.9:80", null, "192.168.80.5/24", "fd00:80::5/64"));
        assertEquals(
                "fd00:80::5:10000-29999 moves",
                choose(NatMode.DSR, VIP6, "[fd00:9::9]:80", null, "192.168.80.5/24", "fd00:80::5/64"));
    }

    @Test
    void hostOneArmHasTheNodesAddress() {
        assertEquals(
                "192.168.80.5:10000-29999 stays",
                choose(NatMode.HOST_ONE_ARM, "0.0.0.0", "192.168.80.101:8080", null, "192.168.80.5/24"));
        assertEquals(
                "fd00:80::5:10000-29999 stays",
                choose(NatMode.HOST_ONE_ARM, "::", "[fd00:80::101]:8080", null, "192.168.80.5/24", "fd00:80::5/64"));
    }

    private static String choose(
            NatMode mode, String vip, String endpoint, String privateAddress, String... addresses) {
        SnatPolicy policy = new SnatPolicy(Specs.options(Snat.VIP, null, 0, 0));
        return text(policy.choose(spec(mode, vip, endpoint, privateAddress), Specs.node(addresses), "eth0"));
    }

    private static ServiceSpec spec(NatMode mode, String vip, String endpoint, String privateAddress) {
        ServiceSpec spec = Specs.service(vip, Protocol.TCP, 80, mode, endpoint);
        return new ServiceSpec(
                spec.key(),
                spec.name(),
                mode,
                spec.selection(),
                spec.idleTimeoutS(),
                spec.endpoints(),
                privateAddress == null ? null : Specs.address(privateAddress),
                List.of());
    }

    private static String choose(Snat snat, String snatAddress, String vip, String... addresses) {
        SnatPolicy policy = new SnatPolicy(Specs.options(snat, snatAddress, 0, 0));
        return text(policy.choose(
                Specs.service(vip, Protocol.TCP, 80, NatMode.ONE_ARM, "192.168.80.101:8080"),
                Specs.node(addresses),
                "eth0"));
    }

    private static String text(SnatChoice choice) {
        PortSpace ports = choice.ports();
        return AddressText.of(choice.address()) + ":" + ports.first() + "-" + ports.last()
                + (choice.moves() ? " moves" : " stays");
    }
}
