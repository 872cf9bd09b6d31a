package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.nexthop.NextHopTable;
import java.util.Arrays;

/** The MAC addresses of next hops on one link, of the destinations that were asked for last. */
final class RecentMacs {
    private static final int PLACES = 256;

    /** Makes a destination unlike an empty place. */
    private static final long KEY = 1L << 32;

    private final int interfaceIndex;
    private final long[] keys = new long[PLACES];
    private final long[] macs = new long[PLACES];
    private NextHopTable table = NextHopTable.EMPTY;

    RecentMacs(int interfaceIndex) {
        this.interfaceIndex = interfaceIndex;
    }

    /**
     * The MAC address of the next hop towards an IPv4 destination.
     *
     * @return 48 bits, or {@link NextHopTable#UNRESOLVED} where there is none, or it is not on this link
     */
    long find(NextHopTable current, int destination) {
        if (current != table) {
            table = current;
            Arrays.fill(keys, 0);
        }
        int place = destination & PLACES - 1;
        long key = KEY | Integer.toUnsignedLong(destination);
        return keys[place] == key ? macs[place] : look(place, key, destination);
    }

    private long look(int place, long key, int destination) {
        long nextHop = table.nextHopFor(destination);
        long mac = nextHop >= 0 && NextHopTable.ifindex(nextHop) == interfaceIndex
                ? table.macFor(nextHop)
                : NextHopTable.UNRESOLVED;
        if (mac >= 0) {
            keys[place] = key;
            macs[place] = mac;
        }
        return mac;
    }
}
