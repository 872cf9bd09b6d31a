package io.gatun.forwarder.nexthop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
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
import net.jqwik.api.constraints.IntRange;

/** The IPv6 table answers as a list that is searched from end to end, with addresses as big numbers. */
class NextHop6Properties {
    private static final NextHop HOP = new NextHop();

    record Address(long high, long low) {
        BigInteger number() {
            return BigInteger.valueOf(high)
                    .shiftLeft(64)
                    .or(new BigInteger(Long.toUnsignedString(low)))
                    .mod(BigInteger.ONE.shiftLeft(128));
        }

        boolean shares(int bits, Address other) {
            return number().xor(other.number()).shiftRight(128 - bits).signum() == 0;
        }
    }

    /** An ifindex of 0 stands for an unreachable route here. */
    record Route(Address prefix, int length, Address gateway, int ifindex, int metric) {
        boolean beats(Route other) {
            return other == null
                    || length > other.length
                    || (length == other.length && Integer.compareUnsigned(metric, other.metric) < 0);
        }

        String hop(Address destination) {
            Address next = gateway.equals(new Address(0, 0)) ? destination : gateway;
            return ifindex == 0 ? "unreachable" : ifindex + " " + next;
        }
    }

    @Property
    void theLongestPrefixAndLowestMetricWin(
            @ForAll("routes") List<Route> routes, @ForAll("addresses") List<Address> destinations) {
        NextHopTable.Builder builder = new NextHopTable.Builder();
        for (Route route : routes) {
            Address prefix = route.prefix;
            if (route.ifindex == 0) {
                builder.unreachable6(prefix.high, prefix.low, route.length, route.metric);
            } else {
                Address gateway = route.gateway;
                builder.route6(
                        prefix.high,
                        prefix.low,
                        route.length,
                        gateway.high,
                        gateway.low,
                        route.ifindex,
                        route.metric,
                        0);
            }
        }
        NextHopTable table = builder.build();
        List<Address> asked = new ArrayList<>(destinations);
        routes.forEach(route -> asked.add(route.prefix));
        for (Address destination : asked) {
            if (!NextHopTable.isMapped(destination.high, destination.low)) {
                assertEquals(naive(routes, destination), answer(table, destination));
            }
        }
    }

    @Property
    void everyKeyIsFoundAndNoOther(
            @ForAll("keys") Map<WideTable.Key, Long> entries, @ForAll("keys") Map<WideTable.Key, Long> others) {
        WideTable table = WideTable.of(entries);
        entries.forEach((key, value) -> assertEquals(value, table.find(key.scope(), key.high(), key.low())));
        others.forEach((key, value) -> assertEquals(
                entries.getOrDefault(key, WideTable.ABSENT), table.find(key.scope(), key.high(), key.low())));
    }

    @Property
    void theMasksAreThoseOfANumberOf128Bits(@ForAll @IntRange(max = 128) int length) {
        BigInteger mask = new Address(NextHopTable.highMask(length), NextHopTable.lowMask(length)).number();
        BigInteger all = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);
        assertEquals(all.shiftRight(128 - length).shiftLeft(128 - length), mask);
    }

    @Provide
    Arbitrary<List<Route>> routes() {
        Arbitrary<Address> gateways =
                Arbitraries.of(new Address(0, 0), new Address(0xFE80_0000_0000_0000L, 1), new Address(-1, -1));
        return Combinators.combine(
                        address(),
                        Arbitraries.oneOf(
                                Arbitraries.integers().between(0, 128), Arbitraries.of(0, 48, 63, 64, 65, 127, 128)),
                        gateways,
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.of(0, 1, 1024, -1))
                .as(Route::new)
                .list()
                .ofMaxSize(60);
    }

    @Provide
    Arbitrary<List<Address>> addresses() {
        return address().list().ofMaxSize(50);
    }

    @Provide
    Arbitrary<Map<WideTable.Key, Long>> keys() {
        Arbitrary<WideTable.Key> keys = Combinators.combine(
                        Arbitraries.integers().between(0, 3), address())
                .as((scope, address) -> new WideTable.Key(scope, address.high, address.low));
        return Arbitraries.maps(keys, Arbitraries.longs().greaterOrEqual(-2))
                .ofMaxSize(300)
                .map(HashMap::new);
    }

    /** Few enough that prefixes meet. */
    private static Arbitrary<Address> address() {
        Arbitrary<Long> halves = Arbitraries.oneOf(
                Arbitraries.longs(),
                Arbitraries.longs().between(0xFD00_0000_0000_0000L, 0xFD00_0000_0000_000FL),
                Arbitraries.longs().between(0, 15),
                Arbitraries.of(-1L, Long.MIN_VALUE));
        return Combinators.combine(halves, halves).as(Address::new);
    }

    private static String answer(NextHopTable table, Address destination) {
        int verdict = table.lookup6(destination.high, destination.low, HOP);
        return verdict == NextHopTable.FOUND ? HOP.ifindex() + " " + new Address(HOP.high(), HOP.low()) : "unreachable";
    }

    private static String naive(List<Route> routes, Address destination) {
        Route best = null;
        for (Route route : routes) {
            if (destination.shares(route.length, route.prefix) && route.beats(best)) {
                best = route;
            }
        }
        return best == null ? "unreachable" : best.hop(destination);
    }
}
