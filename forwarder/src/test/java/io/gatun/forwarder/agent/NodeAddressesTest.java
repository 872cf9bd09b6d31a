package io.gatun.forwarder.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.sys.netlink.AddressEvent;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NodeAddressesTest {
    private static final int TEMPORARY = 0x01;
    private static final int DAD_FAILED = 0x08;
    private static final int DEPRECATED = 0x20;
    private static final int TENTATIVE = 0x40;

    @Test
    void ownAddressesAreThoseOfEveryInterfaceAndSubnetsThoseOfOne() {
        NodeAddresses node = node(
                Specs.on(Specs.INTERFACE, "192.168.80.5/24", 0),
                Specs.on(Specs.INTERFACE, "fd00:80::5/64", 0),
                Specs.on(Specs.INTERFACE + 1, "10.0.0.1/8", 0),
                Specs.on(Specs.INTERFACE + 1, "2001:db8::1/48", 0));
        assertTrue(Stream.of("192.168.80.5", "fd00:80::5", "10.0.0.1", "2001:db8::1")
                .allMatch(own -> node.isOwn(Specs.address(own))));
        assertFalse(node.isOwn(Specs.address("fd00:80::6")));
        assertTrue(node.isOnLink(Specs.address("192.168.80.200")));
        assertTrue(node.isOnLink(Specs.address("fd00:80::c8")));
        assertFalse(node.isOnLink(Specs.address("fd00:81::c8")));
        assertFalse(node.isOnLink(Specs.address("2001:db8::c8")));
        assertFalse(node.isOnLink(Specs.address("10.0.0.2")));
        assertEquals(2, node.own().size());
        assertEquals(4, node.ownAddresses().size());
    }

    @Test
    void thePrimaryIpv6AddressIsOneToWhichAnAnswerComes() {
        assertEquals("fd00:80::5", primary6(Specs.on(Specs.INTERFACE, "fd00:80::5/64", 0)));
        assertEquals("none", primary6(Specs.on(Specs.INTERFACE, "fe80::5/64", 0)));
        assertEquals("none", primary6(Specs.on(Specs.INTERFACE, "fd00:80::4/64", TENTATIVE)));
        assertEquals("none", primary6(Specs.on(Specs.INTERFACE, "fd00:80::4/64", DEPRECATED)));
        assertEquals("none", primary6(Specs.on(Specs.INTERFACE + 1, "fd00:80::4/64", 0)));
        assertEquals(
                "fd00:80::5",
                primary6(
                        Specs.on(Specs.INTERFACE, "fd00:80::3/64", TEMPORARY),
                        Specs.on(Specs.INTERFACE, "fd00:80::4/64", DEPRECATED),
                        Specs.on(Specs.INTERFACE, "fd00:80::5/64", 0),
                        Specs.on(Specs.INTERFACE, "fd00:80::6/64", 0)));
        assertEquals("fd00:80::3", primary6(Specs.on(Specs.INTERFACE, "fd00:80::3/64", TEMPORARY)));
    }

    @Test
    void eachFamilyHasItsPrimary() {
        NodeAddresses node = node(
                Specs.on(Specs.INTERFACE, "fd00:80::5/64", 0),
                Specs.on(Specs.INTERFACE, "192.168.80.4/24", 0x01),
                Specs.on(Specs.INTERFACE, "192.168.80.5/24", 0));
        assertEquals(Optional.of(Specs.address("192.168.80.5")), node.primaryLike(Specs.address("1.2.3.4")));
        assertEquals(Optional.of(Specs.address("fd00:80::5")), node.primaryLike(Specs.address("::1")));
        assertEquals(Optional.empty(), node().primaryLike(Specs.address("1.2.3.4")));
        assertEquals(0, node().primary());
    }

    @Test
    void aDuplicateIsAnotherHosts() {
        NodeAddresses node = node(Specs.on(Specs.INTERFACE, "fd00:80::5/64", DAD_FAILED));
        assertFalse(node.isOwn(Specs.address("fd00:80::5")));
    }

    private static NodeAddresses node(AddressEvent... addresses) {
        return new NodeAddresses(List.of(addresses), Specs.INTERFACE);
    }

    private static String primary6(AddressEvent... addresses) {
        Optional<InetAddress> primary = node(addresses).primary6().map(InetAddress.class::cast);
        return primary.map(address -> address.getHostAddress().replaceFirst("(:0)+:", "::"))
                .orElse("none");
    }
}
