package io.gatun.forwarder.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatun.forwarder.agent.ForwarderOptions.Snat;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.nat.PortSpace;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Design, section 3.4: the source comes back to us and, where it can, moves with the VIP. */
class SnatPolicyTest {
    private static final String VIP = "192.168.80.200";

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
                text(policy.choose(Specs.ipv4(VIP), Specs.node("192.168.80.5/24"), "eth0")));
        assertEquals(
                "192.168.80.5:5000-5999 stays",
                text(policy.choose(Specs.ipv4("10.9.9.9"), Specs.node("192.168.80.5/24"), "eth0")));
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

        assertEquals("192.168.80.5:10000-29999 stays", text(policy.choose(Specs.ipv4(VIP), node, "eth0")));
    }

    @Test
    void aLinkWithoutAddressesIsNamedWithTheCure() {
        RejectedException e = assertThrows(RejectedException.class, () -> choose(Snat.VIP, null, VIP));

        assertEquals(
                "externalIP=192.168.80.200, lies in no subnet of eth0 and the interface has no IPv4 address to send"
                        + " from: give it one, or start with --snat-address",
                e.getMessage());
        assertEquals(RejectedException.Kind.INVALID, e.kind());
    }

    private static String choose(Snat snat, String snatAddress, String vip, String... addresses) {
        SnatPolicy policy = new SnatPolicy(Specs.options(snat, snatAddress, 0, 0));
        return text(policy.choose(Specs.ipv4(vip), Specs.node(addresses), "eth0"));
    }

    private static String text(SnatChoice choice) {
        PortSpace ports = choice.ports();
        return Ipv4.toAddress(choice.address()).getHostAddress() + ":" + ports.first() + "-" + ports.last()
                + (choice.moves() ? " moves" : " stays");
    }
}
