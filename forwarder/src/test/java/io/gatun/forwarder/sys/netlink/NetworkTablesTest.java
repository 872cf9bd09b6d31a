package io.gatun.forwarder.sys.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkTablesTest {
    private static final InetAddress SUBNET = InetAddress.ofLiteral("10.20.0.0");
    private static final InetAddress ENDPOINT = InetAddress.ofLiteral("10.9.0.2");
    private static final long MAC = 0x020000000002L;
    private static final int ADDED = Rtnetlink.NLM_F_CREATE;

    private final NetworkTables tables = new NetworkTables();

    @Test
    void anAppendedRouteWaitsBehindTheFirst() {
        assertTrue(tables.apply(route("10.9.0.1", false), ADDED));
        assertFalse(tables.apply(route("10.9.0.2", false), ADDED | Rtnetlink.NLM_F_APPEND));
        assertEquals(List.of(route("10.9.0.1", false)), tables.routes());
    }

    @Test
    void aPrependedRouteCountsFromNowOn() {
        tables.apply(route("10.9.0.1", false), ADDED);
        assertTrue(tables.apply(route("10.9.0.2", false), ADDED));
        assertEquals(List.of(route("10.9.0.2", false)), tables.routes());
    }

    @Test
    void aReplacedRouteLeavesNothingBehind() {
        tables.apply(route("10.9.0.1", false), ADDED);
        assertTrue(tables.apply(route("10.9.0.2", false), ADDED | Rtnetlink.NLM_F_REPLACE));
        assertTrue(tables.apply(route("10.9.0.2", true), 0));
        assertEquals(List.of(), tables.routes());
        assertFalse(tables.routesUncertain());
    }

    @Test
    void whenOneOfSeveralGoesTheRoutesAreReadAnew() {
        tables.apply(route("10.9.0.1", false), Rtnetlink.NLM_F_MULTI);
        tables.apply(route("10.9.0.2", false), Rtnetlink.NLM_F_MULTI);
        assertEquals(List.of(route("10.9.0.1", false)), tables.routes());
        assertFalse(tables.routesUncertain());
        tables.apply(route("10.9.0.1", true), 0);
        assertTrue(tables.routesUncertain());
        NetworkTables fresh = new NetworkTables();
        fresh.apply(route("10.9.0.2", false), Rtnetlink.NLM_F_MULTI);
        assertEquals(1, tables.takeRoutes(fresh));
        assertFalse(tables.routesUncertain());
    }

    @Test
    void whatTheKernelDoesInSilenceMakesRoutesUncertain() {
        tables.apply(link(0x41, false), 0);
        assertFalse(tables.routesUncertain());
        tables.apply(link(0x40, false), 0);
        assertTrue(tables.routesUncertain());
        tables.takeRoutes(new NetworkTables());
        tables.apply(new AddressEvent(3, ENDPOINT, 24, 0, 0, true), 0);
        assertTrue(tables.routesUncertain());
        tables.takeRoutes(new NetworkTables());
        tables.apply(new NexthopEvent(5, true), 0);
        assertTrue(tables.routesUncertain());
    }

    @Test
    void aRemovedLinkTakesItsAddressesAndNeighbours() {
        tables.apply(link(0x41, false), 0);
        tables.apply(new AddressEvent(3, ENDPOINT, 24, 0, 0, false), 0);
        tables.apply(neighbour(NeighbourEvent.NUD_STALE), 0);
        assertTrue(tables.apply(link(0x41, true), 0));
        assertNull(tables.link(3));
        assertEquals(List.of(), tables.addresses());
        assertEquals(List.of(), tables.neighbours());
        assertTrue(tables.routesUncertain());
        assertFalse(tables.apply(link(0x41, true), 0));
    }

    @Test
    void theAgeingOfANeighbourIsNoChange() {
        assertFalse(tables.apply(new NeighbourEvent(3, ENDPOINT, -1, NeighbourEvent.NUD_INCOMPLETE, false), 0));
        assertTrue(tables.apply(neighbour(NeighbourEvent.NUD_REACHABLE), 0));
        assertFalse(tables.apply(neighbour(NeighbourEvent.NUD_STALE), 0));
        assertEquals(NeighbourEvent.NUD_STALE, tables.neighbours().getFirst().state());
        assertTrue(tables.apply(new NeighbourEvent(3, ENDPOINT, MAC + 1, NeighbourEvent.NUD_STALE, false), 0));
        assertTrue(tables.apply(new NeighbourEvent(3, ENDPOINT, -1, NeighbourEvent.NUD_FAILED, false), 0));
        assertFalse(tables.apply(new NeighbourEvent(3, ENDPOINT, -1, NeighbourEvent.NUD_FAILED, true), 0));
    }

    @Test
    void theSameAgainIsNoChange() {
        assertTrue(tables.apply(link(0x41, false), 0));
        assertFalse(tables.apply(link(0x41, false), 0));
        NetworkTables other = new NetworkTables();
        assertEquals(1, tables.differences(other));
        other.apply(link(0x41, false), 0);
        assertEquals(0, tables.differences(other));
    }

    private static RouteEvent route(String gateway, boolean removed) {
        InetAddress hop = InetAddress.ofLiteral(gateway);
        return new RouteEvent(RouteEvent.TABLE_MAIN, SUBNET, 16, 0, hop, 3, 7, RouteEvent.UNICAST, null, 0, 1, removed);
    }

    private static LinkEvent link(int flags, boolean removed) {
        return new LinkEvent(3, "eth0", MAC, 1500, flags, 0, 0, "veth", 0, 1, 1, removed);
    }

    private static NeighbourEvent neighbour(int state) {
        return new NeighbourEvent(3, ENDPOINT, MAC, state, false);
    }
}
