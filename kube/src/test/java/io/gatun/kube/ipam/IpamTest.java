package io.gatun.kube.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.kube.model.Family;
import io.gatun.kube.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IpamTest {
    private static final PortUse HTTP = new PortUse(80, "tcp");
    private static final PortUse HTTPS = new PortUse(443, "tcp");
    private final Pools pools = new Pools(
            Pools.parse("a", "10.0.0.1-10.0.0.2,small=10.0.1.1", Family.IPV4, new ArrayList<>()),
            Pools.parse("a", "2001:db8::1-2001:db8::2", Family.IPV6, new ArrayList<>()));

    private static Optional<IpAddress> ip(String text) {
        return IpAddress.parse(text);
    }

    private static Wish wish(String pool) {
        return new Wish(Family.IPV4, pool, Optional.empty(), Optional.empty());
    }

    private static AddressRequest request(String service, Set<PortUse> ports, Wish... wishes) {
        return new AddressRequest(service, service, ports, Set.of(), List.of(wishes));
    }

    private static String address(Map<String, List<Grant>> grants, String service) {
        return grants.get(service).getFirst().address().orElseThrow().toString();
    }

    @Test
    void anAddressIsSharedUntilAnyPortCollides() {
        var grants = Ipam.plan(
                pools,
                false,
                List.of(
                        request("a", Set.of(HTTP, HTTPS), wish(Pools.DEFAULT)),
                        request("b", Set.of(new PortUse(53, "udp")), wish(Pools.DEFAULT)),
                        request("c", Set.of(HTTPS), wish(Pools.DEFAULT))));
        assertEquals("10.0.0.1", address(grants, "a"));
        assertEquals("10.0.0.1", address(grants, "b"));
        assertEquals("10.0.0.2", address(grants, "c"));
    }

    @Test
    void uniqueAddressesAreNotShared() {
        var grants = Ipam.plan(
                pools,
                true,
                List.of(
                        request("a", Set.of(HTTP), wish(Pools.DEFAULT)),
                        request("b", Set.of(HTTPS), wish(Pools.DEFAULT))));
        assertEquals("10.0.0.1", address(grants, "a"));
        assertEquals("10.0.0.2", address(grants, "b"));
    }

    @Test
    void exhaustionAndAnUnknownPoolAreAnswers() {
        var grants = Ipam.plan(
                pools,
                false,
                List.of(
                        request("a", Set.of(HTTP), wish("small")),
                        request("b", Set.of(HTTP), wish("small")),
                        request("c", Set.of(HTTP), wish("none"))));
        Grant.Refused exhausted =
                assertInstanceOf(Grant.Refused.class, grants.get("b").getFirst());
        assertEquals(Grant.Refused.EXHAUSTED, exhausted.reason());
        assertEquals(
                "pool small of IPv4 addresses (10.0.1.1) has none left for ports 80/tcp, delete a Service or start the"
                        + " controller with a larger pool",
                exhausted.sentence());
        Grant.Refused unknown =
                assertInstanceOf(Grant.Refused.class, grants.get("c").getFirst());
        assertTrue(unknown.sentence()
                .startsWith("there is no pool none of IPv4 addresses, name one of defaultPool, small"));
    }

    @Test
    void fixedAddressesGoBeforePoolsAndMayLieOutside() {
        Wish fixed = new Wish(Family.IPV4, Pools.DEFAULT, ip("10.0.0.1"), Optional.empty());
        Wish outside = new Wish(Family.IPV4, Pools.DEFAULT, ip("192.0.2.1"), Optional.empty());
        var grants = Ipam.plan(
                pools,
                false,
                List.of(
                        request("a", Set.of(HTTP), wish(Pools.DEFAULT)),
                        request("b", Set.of(HTTP), fixed),
                        request("c", Set.of(HTTP), fixed),
                        request("d", Set.of(HTTP), outside)));
        assertEquals("10.0.0.2", address(grants, "a"));
        assertEquals("10.0.0.1", address(grants, "b"));
        Grant.Refused taken =
                assertInstanceOf(Grant.Refused.class, grants.get("c").getFirst());
        assertEquals(Grant.Refused.TAKEN, taken.reason());
        assertEquals("192.0.2.1", address(grants, "d"));
    }

    @Test
    void whoTakesAPortOfItsNeighbourMovesAndNotTheNeighbour() {
        Wish held = new Wish(Family.IPV4, Pools.DEFAULT, Optional.empty(), ip("10.0.0.1"));
        var grants = Ipam.plan(
                pools,
                false,
                List.of(
                        new AddressRequest("a", "1", Set.of(HTTPS), Set.of(HTTP), List.of(held)),
                        new AddressRequest("b", "2", Set.of(HTTPS), Set.of(HTTPS), List.of(held))));
        assertEquals("10.0.0.2", address(grants, "a"));
        assertEquals("10.0.0.1", address(grants, "b"));
    }

    @Test
    void anAddressThatIsInNoPoolAnyMoreIsGivenUp() {
        Wish held = new Wish(Family.IPV4, Pools.DEFAULT, Optional.empty(), ip("192.0.2.9"));
        var grants = Ipam.plan(
                pools, false, List.of(new AddressRequest("a", "1", Set.of(HTTP), Set.of(HTTP), List.of(held))));
        assertEquals("10.0.0.1", address(grants, "a"));
    }

    @Test
    void bothFamiliesAreAnswered() {
        var grants = Ipam.plan(
                pools,
                false,
                List.of(request(
                        "a",
                        Set.of(HTTP),
                        wish(Pools.DEFAULT),
                        new Wish(Family.IPV6, Pools.DEFAULT, Optional.empty(), Optional.empty()))));
        assertEquals("10.0.0.1", grants.get("a").get(0).address().orElseThrow().toString());
        assertEquals(
                "2001:db8::1", grants.get("a").get(1).address().orElseThrow().toString());
    }
}
