package io.gatun.forwarder.nexthop;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * IPv4 longest-prefix match and neighbour lookup. Immutable; lookups allocate nothing and may run on any thread.
 *
 * <p>A next hop is a long: ifindex in the upper half, the IPv4 address to resolve in the lower; negative when there is
 * none. Routes of one prefix length share one open-addressed table, and lengths are tried from the longest.
 */
public final class NextHopTable {
    /** No route, or one that says so (unreachable, blackhole, prohibit). */
    public static final long UNREACHABLE = -1;
    /** The destination is one of this node's own addresses. */
    public static final long LOCAL = -2;
    /** The next hop's MAC address is not known (yet). */
    public static final long UNRESOLVED = -1;

    /** Knows no route. */
    public static final NextHopTable EMPTY = new Builder().build();

    private final int[] masks;
    private final LongTable[] prefixes;
    private final LongTable macs;

    private NextHopTable(int[] masks, LongTable[] prefixes, LongTable macs) {
        this.masks = masks;
        this.prefixes = prefixes;
        this.macs = macs;
    }

    /**
     * The next hop towards a destination: its gateway, or itself where it is on the link.
     *
     * @return a next hop for {@link #ifindex}, {@link #address} and {@link #macFor(long)}, or {@link #UNREACHABLE} or
     *     {@link #LOCAL}
     */
    public long nextHopFor(int destination) {
        for (int i = 0; i < masks.length; i++) {
            long route = prefixes[i].find(destination & masks[i]);
            if (route != LongTable.ABSENT) {
                boolean onLink = route > 0 && (int) route == 0;
                return onLink ? route | Integer.toUnsignedLong(destination) : route;
            }
        }
        return UNREACHABLE;
    }

    /**
     * The MAC address of a next hop.
     *
     * @param nextHop not negative
     * @return 48-bit MAC address, first byte highest, or {@link #UNRESOLVED}
     */
    public long macFor(long nextHop) {
        long mac = macs.find(nextHop);
        return mac == LongTable.ABSENT ? UNRESOLVED : mac;
    }

    /** As {@link #macFor(long)}, for an address on a link. */
    public long macFor(int ifindex, int address) {
        return macFor(nextHop(ifindex, address));
    }

    /** Packs a next hop. */
    public static long nextHop(int ifindex, int address) {
        return ((long) ifindex << 32) | Integer.toUnsignedLong(address);
    }

    /** The link to send on. */
    public static int ifindex(long nextHop) {
        return (int) (nextHop >> 32);
    }

    /** The IPv4 address whose MAC the frame needs. */
    public static int address(long nextHop) {
        return (int) nextHop;
    }

    /** Collects routes and neighbours in any order. */
    public static final class Builder {
        private static final int LENGTH_MAX = 32;

        private record Route(long nextHop, long metric) {}

        /** By prefix length, longest first. */
        private final Map<Integer, Map<Integer, Route>> routes = new TreeMap<>((a, b) -> Integer.compare(b, a));

        private final Map<Long, Long> macs = new HashMap<>();

        /**
         * A route through a gateway.
         *
         * @param prefix network address; bits beyond the length are ignored
         * @param length of the prefix, 0-32
         * @param gateway the gateway, 0 where destinations are on the link
         * @param ifindex link to send on, 1 or more
         * @param metric unsigned; of several routes for one prefix the lowest counts, among equals the first given
         */
        public Builder route(int prefix, int length, int gateway, int ifindex, int metric) {
            if (ifindex <= 0) {
                throw new IllegalArgumentException("ifindex=" + ifindex + ", give that of a link (1 or more)");
            }
            return put(prefix, length, nextHop(ifindex, gateway), Integer.toUnsignedLong(metric));
        }

        /** Destinations on the link itself. */
        public Builder onLink(int prefix, int length, int ifindex, int metric) {
            return route(prefix, length, 0, ifindex, metric);
        }

        /** A prefix to which nothing may be sent. */
        public Builder unreachable(int prefix, int length, int metric) {
            return put(prefix, length, UNREACHABLE, Integer.toUnsignedLong(metric));
        }

        /** An address of this node; it wins over every route. */
        public Builder local(int address) {
            return put(address, LENGTH_MAX, LOCAL, -1);
        }

        /**
         * A resolved neighbour.
         *
         * @param mac 48-bit address, first byte highest; a later one for the same neighbour replaces it
         */
        public Builder neighbour(int ifindex, int address, long mac) {
            if (mac < 0 || mac >>> 48 != 0) {
                throw new IllegalArgumentException("mac=0x%x, give 48 bits".formatted(mac));
            }
            macs.put(nextHop(ifindex, address), mac);
            return this;
        }

        /** The snapshot; the builder may be used further. */
        public NextHopTable build() {
            int[] masks = new int[routes.size()];
            LongTable[] prefixes = new LongTable[routes.size()];
            int i = 0;
            for (Map.Entry<Integer, Map<Integer, Route>> entry : routes.entrySet()) {
                Map<Long, Long> nextHops = new HashMap<>();
                entry.getValue().forEach((prefix, route) -> nextHops.put((long) prefix, route.nextHop()));
                masks[i] = mask(entry.getKey());
                prefixes[i++] = LongTable.of(nextHops);
            }
            return new NextHopTable(masks, prefixes, LongTable.of(macs));
        }

        private Builder put(int prefix, int length, long nextHop, long metric) {
            if (length < 0 || length > LENGTH_MAX) {
                throw new IllegalArgumentException("prefix length=" + length + ", give 0-32");
            }
            Route route = new Route(nextHop, metric);
            routes.computeIfAbsent(length, _ -> new HashMap<>())
                    .merge(prefix & mask(length), route, (old, added) -> added.metric < old.metric ? added : old);
            return this;
        }

        private static int mask(int length) {
            return length == 0 ? 0 : -1 << (LENGTH_MAX - length);
        }
    }
}
