package io.gatun.forwarder.agent;

import static io.gatun.forwarder.agent.EndpointPlacement.Place.HOST;
import static io.gatun.forwarder.agent.EndpointPlacement.Place.NOWHERE;
import static io.gatun.forwarder.agent.EndpointPlacement.Place.ON_LINK;
import static io.gatun.forwarder.agent.EndpointPlacement.Place.ROUTED;
import static io.gatun.forwarder.agent.Specs.address;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.control.AddressText;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.nat.PortSpace;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.pipeline.Endpoints;
import io.gatun.forwarder.pipeline.Source;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A node with 192.168.80.5/24 and fd00:80::5/64 on eth0, which is served, VLAN 7 of it in 172.16.0.0/16, and pods in
 * 172.17.0.0/16 behind a bridge that is not served.
 */
class EndpointPlacementTest {
    private static final int ETH0 = Specs.INTERFACE;
    private static final int VLAN7 = 17;
    private static final int BRIDGE = 18;
    private static final String VIP6 = "fd00:80::200";
    private static final SnatChoice VIP =
            new SnatChoice(address(Specs.VIP), new PortSpace(1_024, 65_535), /* moves= */ true);
    private static final SnatChoice NODE =
            new SnatChoice(address("192.168.80.5"), new PortSpace(10_000, 29_999), /* moves= */ false);

    private final EndpointPlacement placement = placement(/* localPair= */ true);

    @Test
    void theRouteSaysWhereAnEndpointIs() {
        assertEquals(ON_LINK, placement.place(address("192.168.80.101")));
        assertEquals(ON_LINK, placement.place(address("fd00:80::101")));
        assertEquals(ROUTED, placement.place(address("10.9.9.9")));
        assertEquals(ON_LINK, placement.place(address("172.16.0.9")), "a VLAN of a served interface");
        assertEquals(HOST, placement.place(address("192.168.80.5")));
        assertEquals(HOST, placement.place(address("172.17.0.9")));
        assertEquals(NOWHERE, placement.place(address("8.8.8.8")));
    }

    @Test
    void withoutALocalPairTheNodeIsNoPlaceForEndpoints() {
        EndpointPlacement alone = placement(/* localPair= */ false);

        assertEquals(NOWHERE, alone.place(address("192.168.80.5")));
        assertEquals(NOWHERE, alone.place(address("172.17.0.9")));
        RejectedException e = assertThrows(
                RejectedException.class, () -> alone.check(spec(NatMode.ONE_ARM, Specs.VIP, "172.17.0.9:80")));
        assertEquals(
                "endpointIP=172.17.0.9, is in no network that is reached through [eth0]: add a route, or serve its"
                        + " interface too",
                e.getMessage());
    }

    @Test
    void theLinkThatLeadsThereIsTheOneWhoseAddressMayBeTheSource() {
        assertEquals(ETH0, placement.link(address("10.9.9.9")).orElseThrow());
        assertEquals(VLAN7, placement.link(address("172.16.0.9")).orElseThrow());
        assertTrue(placement.link(address("192.168.80.5")).isEmpty());
        assertTrue(placement.link(address("172.17.0.9")).isEmpty());
    }

    @Test
    void answersOfTheNodeToClientsWouldGoPastUs() {
        for (NatMode mode : new NatMode[] {NatMode.DNAT, NatMode.DSR}) {
            RejectedException e = assertThrows(
                    RejectedException.class, () -> placement.check(spec(mode, Specs.VIP, "192.168.80.5:80")));
            assertEquals(
                    "endpointIP=192.168.80.5, is this node or behind it, whose answers to a client do not come back"
                            + " through us in mode " + mode.code() + ": use mode 1 (onearm)",
                    e.getMessage());
        }
        assertDoesNotThrow(() -> placement.check(spec(NatMode.ONE_ARM, Specs.VIP, "192.168.80.5:80")));
        assertDoesNotThrow(
                () -> placement.check(spec(NatMode.DNAT, VIP6, "192.168.80.5:80")), "NAT64: the source is ours");
    }

    @Test
    void oneArmHasTheChosenSource() {
        assertEquals("OWN_SOURCE 192.168.80.200:1024-65535", way(NatMode.ONE_ARM, Specs.VIP, "192.168.80.101:80", VIP));
        assertEquals("OWN_SOURCE 192.168.80.200:1024-65535", way(NatMode.ONE_ARM, Specs.VIP, "192.168.80.5:80", VIP));
    }

    @Test
    void theNodeTakesNothingFromItsOwnAddressSoTheFarEndIsTheSource() {
        assertEquals("OWN_SOURCE 192.168.80.5:10000-29999", way(NatMode.ONE_ARM, Specs.VIP, "192.168.80.101:80", NODE));
        assertEquals("OWN_SOURCE 169.254.71.65:1024-65535", way(NatMode.ONE_ARM, Specs.VIP, "192.168.80.5:80", NODE));
        assertEquals("OWN_SOURCE 169.254.71.65:1024-65535", way(NatMode.ONE_ARM, Specs.VIP, "172.17.0.9:80", NODE));
    }

    @Test
    void plainDnatKeepsTheSourceUnlessItIsOfAnotherFamily() {
        assertEquals("KEEP_SOURCE", way(NatMode.DNAT, Specs.VIP, "192.168.80.101:80", VIP));
        assertEquals("OWN_SOURCE 192.168.80.5:10000-29999", way(NatMode.DNAT, VIP6, "192.168.80.101:80", NODE));
    }

    @Test
    void directReturnNeedsATunnelBehindAGateway() {
        assertEquals("DIRECT", way(NatMode.DSR, Specs.VIP, "192.168.80.101:80", VIP));
        assertEquals("DIRECT", way(NatMode.DSR, Specs.VIP, "172.16.0.9:80", VIP));
        assertEquals("TUNNEL 192.168.80.200:1024-65535", way(NatMode.DSR, Specs.VIP, "10.9.9.9:80", VIP));
    }

    @Test
    void knowsTheNodeItself() {
        assertTrue(placement.isNode(address("192.168.80.5")));
        assertFalse(placement.isNode(address("172.17.0.9")));
    }

    private String way(NatMode mode, String vip, String endpoint, SnatChoice snat) {
        ServiceSpec spec = spec(mode, vip, endpoint);
        Endpoints.Endpoint placed = placement.endpoint(spec, spec.endpoints().getFirst(), 0, snat);
        Source source = placed.source();
        return source == null
                ? placed.way().toString()
                : placed.way() + " " + AddressText.of(Addresses.of(source.high(), source.low())) + ":"
                        + source.ports().first() + "-" + source.ports().last();
    }

    private static ServiceSpec spec(NatMode mode, String vip, String endpoint) {
        return Specs.service(vip, Protocol.TCP, 80, mode, endpoint);
    }

    private static EndpointPlacement placement(boolean localPair) {
        NextHopTable table = new NextHopTable.Builder()
                .onLink(ip("192.168.80.0"), 24, ETH0, 0)
                .route(ip("10.0.0.0"), 8, ip("192.168.80.1"), ETH0, 0)
                .onLink(ip("172.16.0.0"), 16, VLAN7, 0)
                .onLink(ip("172.17.0.0"), 16, BRIDGE, 0)
                .local(ip("192.168.80.5"))
                .onLink6(Addresses.high(address("fd00:80::")), 0, 64, ETH0, 0)
                .vlan(VLAN7, ETH0, 7)
                .build();
        return new EndpointPlacement(table, Map.of(ETH0, "eth0"), localPair);
    }

    private static int ip(String literal) {
        return Ipv4.toInt(Specs.ipv4(literal));
    }
}
