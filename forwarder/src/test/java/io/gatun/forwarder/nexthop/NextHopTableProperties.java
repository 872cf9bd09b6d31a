package io.gatun.forwarder.nexthop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The table answers as a list that is searched from end to end. */
class NextHopTableProperties {
    record Route(int prefix, int length, int gateway, int ifindex, int metric) {
        boolean covers(int destination) {
            return length == 0 || (destination ^ prefix) >>> (32 - length) == 0;
        }

        boolean beats(Route other) {
            return other == null
                    || length > other.length
                    || (length == other.length && Integer.compareUnsigned(metric, other.metric) < 0);
        }

        /** An ifindex of 0 stands for an unreachable route here. */
        long nextHop(int destination) {
            if (ifindex == 0) {
                return NextHopTable.UNREACHABLE;
            }
            return NextHopTable.nextHop(ifindex, gateway == 0 ? destination : gateway);
        }
    }

    @Property
    void theLongestPrefixAndLowestMetricWin(
            @ForAll("routes") List<Route> routes, @ForAll("addresses") List<Integer> destinations) {
        NextHopTable.Builder builder = new NextHopTable.Builder();
        for (Route route : routes) {
            if (route.ifindex == 0) {
                builder.unreachable(route.prefix, route.length, route.metric);
            } else {
                builder.route(route.prefix, route.length, route.gateway, route.ifindex, route.metric);
            }
        }
        NextHopTable table = builder.build();
        List<Integer> asked = new ArrayList<>(destinations);
        routes.forEach(route -> asked.add(route.prefix));
        for (int destination : asked) {
            assertEquals(naive(routes, destination), table.nextHopFor(destination));
        }
    }

    @Property
    void everyNeighbourIsFoundAndNoOther(
            @ForAll("neighbours") Map<Long, Long> neighbours, @ForAll("addresses") List<Integer> others) {
        NextHopTable.Builder builder = new NextHopTable.Builder();
        neighbours.forEach(
                (nextHop, mac) -> builder.neighbour(NextHopTable.ifindex(nextHop), NextHopTable.address(nextHop), mac));
        NextHopTable table = builder.build();
        neighbours.forEach((nextHop, mac) -> assertEquals(mac, table.macFor(nextHop)));
        for (int other : others) {
            long nextHop = NextHopTable.nextHop(2, other);
            assertEquals(neighbours.getOrDefault(nextHop, NextHopTable.UNRESOLVED), table.macFor(2, other));
        }
    }

    @Provide
    Arbitrary<List<Route>> routes() {
        return Combinators.combine(
                        address(),
                        Arbitraries.integers().between(0, 32),
                        Arbitraries.of(0, 0xC0A850FE, 1, -1),
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.of(0, 1, 100, -1))
                .as(Route::new)
                .list()
                .ofMaxSize(60);
    }

    @Provide
    Arbitrary<List<Integer>> addresses() {
        return address().list().ofMaxSize(50);
    }

    @Provide
    Arbitrary<Map<Long, Long>> neighbours() {
        Arbitrary<Long> nextHops = Combinators.combine(Arbitraries.integers().between(1, 3), address())
                .as(NextHopTable::nextHop);
        return Arbitraries.maps(nextHops, Arbitraries.longs().between(0, (1L << 48) - 1))
                .ofMaxSize(300)
                .map(HashMap::new);
    }

    /** Few enough that prefixes meet. */
    private static Arbitrary<Integer> address() {
        return Arbitraries.oneOf(
                Arbitraries.integers(),
                Arbitraries.integers().between(0xC0A85000, 0xC0A850FF),
                Arbitraries.of(0, -1, 1, 0x80000000, 0x0A000000, 0x0A800000));
    }

    private static long naive(List<Route> routes, int destination) {
        Route best = null;
        for (Route route : routes) {
            if (route.covers(destination) && route.beats(best)) {
                best = route;
            }
        }
        return best == null ? NextHopTable.UNREACHABLE : best.nextHop(destination);
    }
}
