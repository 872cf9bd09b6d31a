package io.gatun.forwarder.sys.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class EventParserTest {
    private final EventParser parser = new EventParser();
    private final List<NetlinkEvent> events = new ArrayList<>();

    /** RTM_NEWROUTE 192.168.80.0/24 dev 2 src 192.168.80.1 metric 100, as a little-endian kernel sends it. */
    private static final String ROUTE_BYTES = """
            3c000000 1800 0000 00000000 00000000
            02 18 00 00 fe 02 fd 01 00000000
            0800 0100 c0a85000
            0800 0600 64000000
            0800 0700 c0a85001
            0800 0400 02000000
            """;

    @Test
    void aRouteOffTheWire() {
        Assumptions.assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "bytes of a little-endian kernel");
        byte[] bytes = HexFormat.of().parseHex(ROUTE_BYTES.replaceAll("\\s", ""));
        parse(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        assertEquals(
                List.of(new RouteEvent(
                        254,
                        ip("192.168.80.0"),
                        24,
                        0,
                        null,
                        2,
                        100,
                        RouteEvent.UNICAST,
                        ip("192.168.80.1"),
                        0,
                        1,
                        false)),
                events);
    }

    @Test
    void aLink() {
        MessageBytes bytes = MessageBytes.link(Rtnetlink.RTM_NEWLINK)
                .attribute(10, 7)
                .attribute(18, new byte[] {9, 0, 1, 0, 'v', 'e', 't', 'h', 0, 0, 0, 0})
                .attribute(32, 4)
                .attribute(31, 2);
        parse(bytes.datagram());
        assertEquals(
                List.of(new LinkEvent(3, "eth0", 0x02fc00000001L, 1500, 0x11043, 7, 0, "veth", 0, 4, 2, false)),
                events);
        LinkEvent link = (LinkEvent) events.getFirst();
        assertTrue(link.up() && link.enabled() && !link.loopback());
    }

    /** RTM_NEWROUTE 2001:db8:7::/48 via fd00::1 dev 3 metric 1024 mtu 1400, as a little-endian kernel sends it. */
    private static final String ROUTE6_BYTES = """
            60000000 1800 0000 00000000 00000000
            0a 30 00 00 fe 03 00 01 00000000
            1400 0100 20010db8000700000000000000000000
            0800 0600 00040000
            0c00 0800 0800 0200 78050000
            1400 0500 fd000000000000000000000000000001
            0800 0400 03000000
            """;

    @Test
    void anIpv6RouteOffTheWireWithItsMtu() {
        Assumptions.assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "bytes of a little-endian kernel");
        byte[] bytes = HexFormat.of().parseHex(ROUTE6_BYTES.replaceAll("\\s", ""));
        parse(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        assertEquals(
                List.of(new RouteEvent(
                        254,
                        ip("2001:db8:7::"),
                        48,
                        0,
                        ip("fd00::1"),
                        3,
                        1024,
                        RouteEvent.UNICAST,
                        null,
                        1400,
                        1,
                        false)),
                events);
    }

    @Test
    void aVlanDeviceNamesItsParentAndId() {
        byte[] vlan = {9, 0, 1, 0, 'v', 'l', 'a', 'n', 0, 0, 0, 0};
        parse(MessageBytes.link(Rtnetlink.RTM_NEWLINK)
                .attribute(5, 2)
                .attribute(18, vlanOf(vlan, (byte) 0x81, (byte) 0))
                .datagram());
        parse(MessageBytes.link(Rtnetlink.RTM_NEWLINK)
                .attribute(5, 2)
                .attribute(18, vlanOf(vlan, (byte) 0x88, (byte) 0xa8))
                .datagram());
        parse(MessageBytes.link(Rtnetlink.RTM_NEWLINK)
                .attribute(5, 2)
                .attribute(37, 0)
                .attribute(18, vlanOf(vlan, (byte) 0x81, (byte) 0))
                .datagram());
        LinkEvent link = (LinkEvent) events.getFirst();
        assertEquals(2, link.peer());
        assertEquals(0x123, link.vid());
        assertTrue(link.vlan());
        assertEquals(0, ((LinkEvent) events.get(1)).vid(), "802.1ad");
        assertEquals(0, ((LinkEvent) events.get(2)).vid(), "parent in another namespace");
        parse(MessageBytes.link(Rtnetlink.RTM_NEWLINK)
                .attribute(18, new byte[] {9, 0, 1, 0, 'v', 'l', 'a', 'n', 0, 0, 0, 0, 9, 0, 2, 0, 5, 0, 1, 0, 1})
                .datagram());
        assertEquals(1, parser.malformed());
    }

    /** IFLA_INFO_KIND, then IFLA_INFO_DATA with IFLA_VLAN_ID 0x123 and IFLA_VLAN_PROTOCOL. */
    private static byte[] vlanOf(byte[] kind, byte protocolHigh, byte protocolLow) {
        return ByteBuffer.allocate(kind.length + 20)
                .order(ByteOrder.nativeOrder())
                .put(kind)
                .putShort((short) 20)
                .putShort((short) 2)
                .putShort((short) 6)
                .putShort((short) 1)
                .putInt(0x123)
                .putShort((short) 6)
                .putShort((short) 5)
                .put(new byte[] {protocolHigh, protocolLow, 0, 0})
                .array();
    }

    @Test
    void severalMessagesInOneDatagram() {
        MessageBytes bytes = MessageBytes.link(Rtnetlink.RTM_NEWLINK)
                .message(Rtnetlink.RTM_DELLINK, 0, 0)
                .body(0, 0, 1, 0)
                .ints(4, 0, 0)
                .attribute(3, "eth1")
                .message(Rtnetlink.NLMSG_NOOP, 0, 0)
                .message(Rtnetlink.RTM_DELNEXTHOP, 0, 0)
                .body(2, 0, 0, 0, 0, 0, 0, 0)
                .attribute(1, 5);
        parse(bytes.datagram());
        assertEquals(3, events.size());
        assertEquals(new LinkEvent(4, "eth1", -1, 0, 0, 0, 0, "", 0, 1, 1, true), events.get(1));
        assertEquals(new NexthopEvent(5, true), events.get(2));
        assertEquals(0, parser.malformed());
    }

    @Test
    void aBridgeThatLosesAPortSaysNothingOfTheLink() {
        parse(new MessageBytes()
                .message(Rtnetlink.RTM_DELLINK, 0, 0)
                .body(7, 0, 1, 0)
                .ints(3, 0, 0)
                .attribute(3, "eth0")
                .datagram());
        parse(new MessageBytes()
                .message(Rtnetlink.RTM_NEWNEIGH, 0, 0)
                .body(7, 0, 0, 0)
                .ints(3, 0x80)
                .attribute(2, new byte[6])
                .datagram());
        assertEquals(List.of(), events);
        assertEquals(0, parser.malformed());
    }

    @Test
    void anAddressIsTheNodesOwnEnd() {
        parse(new MessageBytes()
                .message(Rtnetlink.RTM_NEWADDR, 0, 0)
                .body(2, 32, 0x80, 0)
                .ints(3)
                .address(1, "10.0.0.2")
                .address(2, "10.0.0.1")
                .attribute(8, 0x200)
                .message(Rtnetlink.RTM_DELADDR, 0, 0)
                .body(10, 64, 0x80, 253)
                .ints(3)
                .address(1, "fe80::1")
                .datagram());
        assertEquals(
                List.of(
                        new AddressEvent(3, ip("10.0.0.1"), 32, 0, 0x200, false),
                        new AddressEvent(3, ip("fe80::1"), 64, 253, 0x80, true)),
                events);
    }

    @Test
    void ofSeveralNextHopsTheFirstIsTold() {
        ByteBuffer hops = ByteBuffer.allocate(32).order(ByteOrder.nativeOrder());
        for (int i = 1; i <= 2; i++) {
            hops.putShort((short) 16).putShort((short) 0).putInt(i);
            hops.putShort((short) 8).putShort((short) 5).put(new byte[] {10, 9, 0, (byte) i});
        }
        parse(new MessageBytes()
                .message(Rtnetlink.RTM_NEWROUTE, 0, 0)
                .body(2, 0, 0, 0, 254, 3, 0, 1)
                .ints(0)
                .attribute(15, 1000)
                .attribute(9, hops.array())
                .datagram());
        RouteEvent route = (RouteEvent) events.getFirst();
        assertEquals(ip("10.9.0.1"), route.gateway());
        assertEquals(1, route.outIfindex());
        assertEquals(2, route.nexthops());
        assertEquals(1000, route.table());
        assertEquals(ip("0.0.0.0"), route.destination());
    }

    @Test
    void anIpv4RouteMayHaveAnIpv6Gateway() {
        ByteBuffer via = ByteBuffer.allocate(18).order(ByteOrder.nativeOrder());
        via.putShort((short) 10).put(ip("fe80::1").getAddress());
        parse(new MessageBytes()
                .message(Rtnetlink.RTM_NEWROUTE, 0, 0)
                .body(2, 0, 0, 0, 254, 3, 0, 1)
                .ints(0)
                .attribute(18, via.array())
                .datagram());
        assertEquals(ip("fe80::1"), ((RouteEvent) events.getFirst()).gateway());
    }

    @Test
    void cachedRoutesAndProxiesAreNotOurs() {
        parse(new MessageBytes()
                .message(Rtnetlink.RTM_NEWROUTE, 0, 0)
                .body(2, 32, 0, 0, 254, 3, 0, 1)
                .ints(0x200)
                .address(1, "10.0.0.1")
                .datagram());
        parse(new MessageBytes()
                .message(Rtnetlink.RTM_NEWNEIGH, 0, 0)
                .body(2, 0, 0, 0)
                .ints(3)
                .body(0x80, 0, 8, 0)
                .address(1, "10.0.0.1")
                .datagram());
        assertEquals(List.of(), events);
        assertEquals(0, parser.malformed());
    }

    @Test
    void aNeighbourWithoutAMacIsUnresolved() {
        parse(MessageBytes.neighbour(Rtnetlink.RTM_NEWNEIGH, NeighbourEvent.NUD_INCOMPLETE)
                .datagram());
        parse(MessageBytes.neighbour(Rtnetlink.RTM_NEWNEIGH, NeighbourEvent.NUD_STALE, new byte[] {2, 0, 0, 0, 0, 2})
                .datagram());
        assertEquals(
                List.of(
                        new NeighbourEvent(3, ip("10.9.0.2"), -1, NeighbourEvent.NUD_INCOMPLETE, false),
                        new NeighbourEvent(3, ip("10.9.0.2"), 0x020000000002L, NeighbourEvent.NUD_STALE, false)),
                events);
        assertTrue(((NeighbourEvent) events.get(1)).resolved());
    }

    @Test
    void aWrongLengthCostsThatMessageOnly() {
        parse(MessageBytes.link(Rtnetlink.RTM_NEWLINK)
                .attribute(4, new byte[3])
                .message(Rtnetlink.RTM_NEWLINK, 0, 0)
                .body(0, 0, 1, 0)
                .ints(4, 0, 0)
                .attribute(3, "eth1")
                .datagram());
        assertEquals(1, events.size());
        assertEquals(1, parser.malformed());
        assertEquals("attribute 4 of 3 bytes, not 4", parser.lastMalformed());
    }

    @Test
    void brokenFramingEndsTheDatagram() {
        for (int length : new int[] {0, 15, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 65}) {
            long before = parser.malformed();
            parse(MessageBytes.link(Rtnetlink.RTM_NEWLINK).claim(length).datagram());
            assertEquals(before + 1, parser.malformed(), "nlmsg_len=" + length);
        }
        assertEquals(List.of(), events);
    }

    @Test
    void whatIsMissingIsMalformed() {
        List<MessageBytes> wrong = List.of(
                new MessageBytes()
                        .message(Rtnetlink.RTM_NEWLINK, 0, 0)
                        .body(0, 0, 1, 0)
                        .ints(3, 0, 0),
                new MessageBytes().message(Rtnetlink.RTM_NEWLINK, 0, 0).body(0, 0, 1, 0),
                new MessageBytes()
                        .message(Rtnetlink.RTM_NEWADDR, 0, 0)
                        .body(2, 24, 0, 0)
                        .ints(3),
                new MessageBytes()
                        .message(Rtnetlink.RTM_NEWADDR, 0, 0)
                        .body(2, 33, 0, 0)
                        .ints(3)
                        .address(1, "10.0.0.1"),
                new MessageBytes()
                        .message(Rtnetlink.RTM_NEWADDR, 0, 0)
                        .body(2, 24, 0, 0)
                        .ints(3)
                        .address(1, "fe80::1"),
                new MessageBytes()
                        .message(Rtnetlink.RTM_NEWNEIGH, 0, 0)
                        .body(2, 0, 0, 0)
                        .ints(3, 2),
                MessageBytes.link(Rtnetlink.RTM_NEWLINK).attribute(3, "a name that is too long"),
                MessageBytes.link(Rtnetlink.RTM_NEWLINK).attribute(3, new byte[] {'x'}),
                MessageBytes.link(Rtnetlink.RTM_NEWLINK).body(1, 2, 3),
                MessageBytes.route(Rtnetlink.RTM_NEWROUTE, 0, "10.9.0.2").attribute(9, new byte[] {1, 0, 0, 0}),
                MessageBytes.route(Rtnetlink.RTM_NEWROUTE, 0, "10.9.0.2").attribute(18, new byte[] {1}));
        for (int i = 0; i < wrong.size(); i++) {
            parse(wrong.get(i).datagram());
            assertEquals(i + 1, parser.malformed(), "case " + i);
        }
        assertEquals(List.of(), events);
    }

    private void parse(ByteBuffer datagram) {
        parser.parse(datagram, (event, flags) -> events.add(event));
    }

    private static InetAddress ip(String literal) {
        return InetAddress.ofLiteral(literal);
    }
}
