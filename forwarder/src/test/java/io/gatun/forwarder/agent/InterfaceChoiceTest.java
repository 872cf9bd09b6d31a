package io.gatun.forwarder.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.sys.netlink.LinkEvent;
import io.gatun.forwarder.sys.netlink.RouteEvent;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node with two networks, a VLAN, a bridge with a port, an interface that is down, a tunnel and Gatun's own pair. */
class InterfaceChoiceTest {
    private static final List<String> NONE = List.of();
    private static final int UP = 0x1;
    private static final int LOOPBACK = 0x8;
    private static final long MAC = 0x020000000001L;

    private static final List<LinkEvent> LINKS = List.of(
            link(1, "lo", 0, UP | LOOPBACK, 0, "", 0),
            link(2, "eth1", MAC, UP, 0, "veth", 0),
            link(3, "eth0", MAC, UP, 0, "", 0),
            link(4, "br0", MAC, UP, 0, "bridge", 0),
            link(5, "port0", MAC, UP, 4, "veth", 0),
            link(6, "down0", MAC, 0, 0, "", 0),
            link(7, "eth0.10", MAC, UP, 0, "vlan", 10),
            link(8, "gatun0", MAC, UP, 0, "veth", 0),
            link(9, "gatun1", MAC, UP, 0, "veth", 0),
            link(10, "wg0", -1, UP, 0, "wireguard", 0));

    private final List<RouteEvent> routes = new ArrayList<>();

    @Test
    void namesMeanExactlyThoseInterfacesOnce() {
        assertEquals(List.of("eth1", "eth0"), choose(List.of("eth1", "eth0", "eth1"), null, null));
        assertEquals(List.of("eth0.10"), choose(List.of("eth0.10"), "", ""));
        assertEquals(List.of("eth0"), choose(List.of("eth0.10", "eth0"), null, null));
    }

    @Test
    void aWhitelistIsUnanchoredAndOverridesTheBlacklist() {
        assertEquals(List.of("eth0", "eth1"), choose(NONE, "th", "eth"));
        assertEquals(List.of("eth1"), choose(NONE, "^eth1$", null));
        assertEquals(List.of("br0", "eth0.10"), choose(NONE, "10|br", null));
        assertEquals(List.of("br0", "eth0", "eth1"), choose(NONE, ".", null));
    }

    @Test
    void aBlacklistLeavesTheOthersThatCanBeServed() {
        assertEquals(List.of("eth0", "eth1"), choose(NONE, null, "br|port|down"));
        assertEquals(List.of("br0", "eth1"), choose(NONE, null, "eth0"));
        assertEquals(List.of("br0", "eth0.10"), choose(NONE, null, "^eth.$"));
    }

    @Test
    void withoutAnyOfThemTheDefaultRouteTells() {
        assertEquals(
                "--interface=, there is no default route that tells it, choose one of br0, down0, eth0,"
                        + " eth0.10, eth1, port0, wg0",
                refusal(NONE, null, null));
        routes.add(defaultRoute("::", 3, 1));
        assertEquals(List.of("eth0"), choose(NONE, null, null));
        routes.add(defaultRoute("0.0.0.0", 2, 20));
        assertEquals(List.of("eth1"), choose(NONE, null, null));
        routes.add(defaultRoute("0.0.0.0", 4, 10));
        assertEquals(List.of("br0"), choose(NONE, null, null));
    }

    @Test
    void aNameThatCannotBeServedIsRefusedWithTheCure() {
        assertEquals("--interface=down0, is down, run: ip link set down0 up", refusal(List.of("down0"), null, null));
        assertEquals("--interface=port0, is a port of br0, choose br0", refusal(List.of("port0"), null, null));
        assertStarts("--interface=wg0, is no Ethernet interface, choose one of ", refusal(List.of("wg0"), null, null));
        assertStarts("--interface=lo, is no Ethernet interface, choose one of ", refusal(List.of("lo"), null, null));
        assertStarts(
                "--interface=gatun1, is Gatun's own link for local traffic, choose one of ",
                refusal(List.of("gatun1"), null, null));
        assertStarts(
                "--interface=eth9, there is no such interface here, there are ", refusal(List.of("eth9"), null, null));
        assertEquals(
                "--blacklist=x, cannot stand beside --interface: leave one of them out",
                refusal(List.of("eth0"), null, "x"));
    }

    @Test
    void aPatternThatChoosesNothingOrIsNoneIsRefused() {
        assertEquals(
                "--whitelist=eth[, is no regular expression (Unclosed character class at character 4): correct it, or put"
                        + " a backslash before a character that stands for itself",
                refusal(NONE, "eth[", null));
        assertStarts(
                "--whitelist=wlan, leaves no interface, change it or give --interface: there are ",
                refusal(NONE, "wlan", null));
        assertStarts(
                "--whitelist=^(port0|lo|gatun0)$, leaves no interface that can be served (port0 is a port of br0),"
                        + " change it",
                refusal(NONE, "^(port0|lo|gatun0)$", null));
        assertStarts("--blacklist=., leaves no interface, change it", refusal(NONE, null, "."));
    }

    private List<String> choose(List<String> names, String whitelist, String blacklist) {
        return new InterfaceChoice(LINKS, routes).choose(names, whitelist, blacklist);
    }

    private String refusal(List<String> names, String whitelist, String blacklist) {
        return assertThrows(RejectedException.class, () -> choose(names, whitelist, blacklist))
                .getMessage();
    }

    private static LinkEvent link(int index, String name, long mac, int flags, int master, String kind, int vid) {
        int peer = vid == 0 ? 0 : 3;
        return new LinkEvent(index, name, mac, 1500, flags, master, peer, kind, vid, 1, 1, /* removed= */ false);
    }

    private static RouteEvent defaultRoute(String any, int ifindex, int metric) {
        return new RouteEvent(
                RouteEvent.TABLE_MAIN,
                InetAddress.ofLiteral(any),
                0,
                0,
                InetAddress.ofLiteral(any.equals("::") ? "fe80::1" : "192.168.80.1"),
                ifindex,
                metric,
                RouteEvent.UNICAST,
                null,
                0,
                1,
                /* removed= */ false);
    }

    private static void assertStarts(String start, String message) {
        assertEquals(start, message.substring(0, Math.min(start.length(), message.length())));
    }
}
