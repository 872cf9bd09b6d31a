package io.gatun.forwarder.nexthop;

import java.util.HashMap;
import java.util.Map;

/**
 * Longest-prefix match, neighbours, MTUs and VLAN devices. Immutable; lookups allocate nothing and may run on any thread.
 *
 * <p>Routes of one prefix length share an open-addressed table, and lengths are tried from the longest. For IPv4 there is
 * a second, shorter way: a next hop as a long, ifindex in the upper half, the IPv4 address to resolve in the lower;
 * negative when there is none.
 */
public final class NextHopTable {
    /** The {@link NextHop} is filled. */
    public static final int FOUND = 0;
    /** No route, or one that says so (unreachable, blackhole, prohibit). */
    public static final long UNREACHABLE = -1;
    /** The destination is one of this node's own addresses. */
    public static final long LOCAL = -2;
    /** The next hop's MAC address is not known (yet). */
    public static final long UNRESOLVED = -1;

    /** Ethernet's, of links whose MTU nobody said. */
    public static final int MTU_DEFAULT = 1500;

    /** Knows no route. */
    public static final NextHopTable EMPTY = new Builder().build();

    private static final long MAPPED = 0x0000_FFFF_0000_0000L;

    private final int[] masks;
    private final LongTable[] prefixes;
    private final LongTable[] numbers;
    private final int[] lengths6;
    private final WideTable numbers6;
    private final Routes routes;
    private final LongTable macs;
    private final WideTable macs6;
    private final LongTable mtus;
    private final LongTable vlanDevices;
    private final LongTable vlans;
    private final int smallestMtu;

    private NextHopTable(Builder builder) {
        mtus = LongTable.of(builder.mtus);
        Routes.Numbering numbering = new Routes.Numbering(mtus);
        masks = builder.routes.masks();
        prefixes = builder.routes.tables(RouteDraft::packed);
        numbers = builder.routes.tables(numbering::add);
        lengths6 = builder.routes6.lengths();
        numbers6 = builder.routes6.table(numbering::add);
        routes = numbering.columns();
        smallestMtu = routes.smallestMtu();
        macs = LongTable.of(builder.macs);
        macs6 = WideTable.of(builder.macs6);
        vlanDevices = LongTable.of(builder.vlanDevices);
        vlans = LongTable.of(builder.vlans);
    }

    /** The least MTU of all routes: what is not larger passes everywhere. */
    public int smallestMtu() {
        return smallestMtu;
    }

    /**
     * The next hop towards an IPv4 destination: its gateway, or itself where it is on the link.
     *
     * @return a next hop for {@link #ifindex}, {@link #address} and {@link #macFor(long)}, or {@link #UNREACHABLE} or
     *     {@link #LOCAL}; unreachable too where the gateway has an IPv6 address, which only {@link #lookup} can tell
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
     * The way to an IPv4 destination.
     *
     * @param out filled when there is one, else left as it is
     * @return {@link #FOUND}, {@link #UNREACHABLE} or {@link #LOCAL}
     */
    public int lookup(int destination, NextHop out) {
        for (int i = 0; i < masks.length; i++) {
            long route = numbers[i].find(destination & masks[i]);
            if (route != LongTable.ABSENT) {
                return answer(route, 0, mapped(destination), out);
            }
        }
        return (int) UNREACHABLE;
    }

    /**
     * The way to an IPv6 destination, or to an IPv4 one as its mapped address.
     *
     * @param high first eight bytes, read big-endian
     * @param low last eight bytes
     * @param out filled when there is one, else left as it is
     * @return {@link #FOUND}, {@link #UNREACHABLE} or {@link #LOCAL}
     */
    public int lookup6(long high, long low, NextHop out) {
        if (isMapped(high, low)) {
            return lookup((int) low, out);
        }
        for (int length : lengths6) {
            long route = numbers6.find(length, high & highMask(length), low & lowMask(length));
            if (route != WideTable.ABSENT) {
                return answer(route, high, low, out);
            }
        }
        return (int) UNREACHABLE;
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

    /** As {@link #macFor(long)}, for an IPv4 address on a link. */
    public long macFor(int ifindex, int address) {
        return macFor(nextHop(ifindex, address));
    }

    /** As {@link #macFor(long)}, for an IPv6 address on a link, or an IPv4 one as its mapped address. */
    public long macFor(int ifindex, long high, long low) {
        if (isMapped(high, low)) {
            return macFor(ifindex, (int) low);
        }
        long mac = macs6.find(ifindex, high, low);
        return mac == WideTable.ABSENT ? UNRESOLVED : mac;
    }

    /** The MTU of a link, {@link #MTU_DEFAULT} where it is not known. */
    public int mtuFor(int ifindex) {
        return mtu(mtus, ifindex);
    }

    /**
     * The device that stands for one VLAN of a link.
     *
     * @param parent ifindex of the link on which tagged frames arrive
     * @param vid VLAN id of an 802.1Q tag, 1-4094
     * @return its ifindex, 0 when there is none
     */
    public int vlanDevice(int parent, int vid) {
        long device = vlanDevices.find(vlanKey(parent, vid));
        return device == LongTable.ABSENT ? 0 : (int) device;
    }

    /** The link whose VLAN this device is, 0 when it is no VLAN device. */
    public int parent(int ifindex) {
        long vlan = vlans.find(ifindex);
        return vlan == LongTable.ABSENT ? 0 : (int) (vlan >> 32);
    }

    /** The VLAN id of this device, 0 when it is no VLAN device. */
    public int vid(int ifindex) {
        long vlan = vlans.find(ifindex);
        return vlan == LongTable.ABSENT ? 0 : (int) vlan;
    }

    /** Packs an IPv4 next hop. */
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

    /** The last eight bytes of an IPv4 address's mapped one (::ffff:a.b.c.d, RFC 4291 section 2.5.5.2). */
    public static long mapped(int address) {
        return MAPPED | Integer.toUnsignedLong(address);
    }

    /** Whether these halves are those of a mapped IPv4 address. */
    public static boolean isMapped(long high, long low) {
        return high == 0 && low >>> 32 == MAPPED >>> 32;
    }

    static int mtu(LongTable mtus, int ifindex) {
        long mtu = mtus.find(ifindex);
        return mtu == LongTable.ABSENT ? MTU_DEFAULT : (int) mtu;
    }

    static long vlanKey(int parent, int vid) {
        return ((long) parent << 32) | vid;
    }

    static long highMask(int length) {
        return length == 0 ? 0 : length >= Long.SIZE ? -1L : -1L << (Long.SIZE - length);
    }

    static long lowMask(int length) {
        return length <= Long.SIZE ? 0 : -1L << (2 * Long.SIZE - length);
    }

    private int answer(long route, long high, long low, NextHop out) {
        if (route < 0) {
            return (int) route;
        }
        int number = (int) route;
        int ifindex = routes.ifindex(number);
        long gatewayHigh = routes.gatewayHigh(number);
        long gatewayLow = routes.gatewayLow(number);
        boolean onLink = (gatewayHigh | gatewayLow) == 0;
        long hopHigh = onLink ? high : gatewayHigh;
        long hopLow = onLink ? low : gatewayLow;
        out.fill(ifindex, hopHigh, hopLow, macFor(ifindex, hopHigh, hopLow), routes.mtu(number));
        return FOUND;
    }

    /** Collects routes, neighbours and links in any order. */
    public static final class Builder {
        private final Routes4 routes = new Routes4();
        private final Routes6 routes6 = new Routes6();
        private final Map<Long, Long> macs = new HashMap<>();
        private final Map<WideTable.Key, Long> macs6 = new HashMap<>();
        private final Map<Long, Long> mtus = new HashMap<>();
        private final Map<Long, Long> vlanDevices = new HashMap<>();
        private final Map<Long, Long> vlans = new HashMap<>();

        /**
         * An IPv4 route through a gateway.
         *
         * @param prefix network address; bits beyond the length are ignored
         * @param length of the prefix, 0-32
         * @param gateway the gateway, 0 where destinations are on the link
         * @param ifindex link to send on, 1 or more
         * @param metric unsigned; of several routes for one prefix the lowest counts, among equals the first given
         */
        public Builder route(int prefix, int length, int gateway, int ifindex, int metric) {
            return route(prefix, length, 0, gateway == 0 ? 0 : mapped(gateway), ifindex, metric, 0);
        }

        /**
         * An IPv4 route through a gateway of either family.
         *
         * @param gatewayHigh first half of the gateway's address
         * @param gatewayLow second half, of the mapped address for IPv4; both are 0 where destinations are on the link
         * @param mtu the route's own MTU, 0 for the link's
         */
        public Builder route(
                int prefix, int length, long gatewayHigh, long gatewayLow, int ifindex, int metric, int mtu) {
            routes.put(prefix, length, RouteDraft.via(ifindex, gatewayHigh, gatewayLow, mtu, metric));
            return this;
        }

        /** IPv4 destinations on the link itself. */
        public Builder onLink(int prefix, int length, int ifindex, int metric) {
            return route(prefix, length, 0, ifindex, metric);
        }

        /** An IPv4 prefix to which nothing may be sent. */
        public Builder unreachable(int prefix, int length, int metric) {
            routes.put(prefix, length, RouteDraft.unreachable(metric));
            return this;
        }

        /** An IPv4 address of this node; it wins over every route. */
        public Builder local(int address) {
            routes.put(address, Integer.SIZE, RouteDraft.local());
            return this;
        }

        /**
         * An IPv6 route through a gateway.
         *
         * @param high first half of the network address; bits beyond the length are ignored
         * @param low second half
         * @param length of the prefix, 0-128
         * @param gatewayHigh first half of the gateway's address
         * @param gatewayLow second half; both are 0 where destinations are on the link
         * @param ifindex link to send on, 1 or more
         * @param metric unsigned; of several routes for one prefix the lowest counts, among equals the first given
         * @param mtu the route's own MTU, 0 for the link's
         */
        public Builder route6(
                long high, long low, int length, long gatewayHigh, long gatewayLow, int ifindex, int metric, int mtu) {
            routes6.put(high, low, length, RouteDraft.via(ifindex, gatewayHigh, gatewayLow, mtu, metric));
            return this;
        }

        /** IPv6 destinations on the link itself. */
        public Builder onLink6(long high, long low, int length, int ifindex, int metric) {
            return route6(high, low, length, 0, 0, ifindex, metric, 0);
        }

        /** An IPv6 prefix to which nothing may be sent. */
        public Builder unreachable6(long high, long low, int length, int metric) {
            routes6.put(high, low, length, RouteDraft.unreachable(metric));
            return this;
        }

        /** An IPv6 address of this node; it wins over every route. */
        public Builder local6(long high, long low) {
            routes6.put(high, low, 2 * Long.SIZE, RouteDraft.local());
            return this;
        }

        /**
         * A resolved IPv4 neighbour.
         *
         * @param mac 48-bit address, first byte highest; a later one for the same neighbour replaces it
         */
        public Builder neighbour(int ifindex, int address, long mac) {
            macs.put(nextHop(ifindex, address), require48Bits(mac));
            return this;
        }

        /** A resolved IPv6 neighbour. */
        public Builder neighbour6(int ifindex, long high, long low, long mac) {
            macs6.put(new WideTable.Key(ifindex, high, low), require48Bits(mac));
            return this;
        }

        /**
         * The MTU of a link.
         *
         * @param mtu bytes of an IP packet, 1 or more
         */
        public Builder mtu(int ifindex, int mtu) {
            if (mtu <= 0) {
                throw new IllegalArgumentException("mtu=" + mtu + " of ifindex " + ifindex + ", give 1 or more");
            }
            mtus.put((long) ifindex, (long) mtu);
            return this;
        }

        /** A device that stands for one VLAN of another link, its parent. */
        public Builder vlan(int ifindex, int parent, int vid) {
            vlanDevices.put(vlanKey(parent, vid), (long) ifindex);
            vlans.put((long) ifindex, vlanKey(parent, vid));
            return this;
        }

        /** The snapshot; the builder may be used further. */
        public NextHopTable build() {
            return new NextHopTable(this);
        }

        private static long require48Bits(long mac) {
            if (mac < 0 || mac >>> 48 != 0) {
                throw new IllegalArgumentException("mac=0x%x, give 48 bits".formatted(mac));
            }
            return mac;
        }
    }
}
