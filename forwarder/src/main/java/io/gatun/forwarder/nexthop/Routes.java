package io.gatun.forwarder.nexthop;

import java.util.ArrayList;
import java.util.List;

/** What routes lead to, by number: columns, so that a lookup reads longs and allocates nothing. */
final class Routes {
    private final int[] ifindexes;
    private final long[] gateways;
    private final int[] mtus;

    private Routes(int[] ifindexes, long[] gateways, int[] mtus) {
        this.ifindexes = ifindexes;
        this.gateways = gateways;
        this.mtus = mtus;
    }

    int ifindex(int route) {
        return ifindexes[route];
    }

    /** Both halves are 0 where destinations are on the link. */
    long gatewayHigh(int route) {
        return gateways[2 * route];
    }

    long gatewayLow(int route) {
        return gateways[2 * route + 1];
    }

    int mtu(int route) {
        return mtus[route];
    }

    /** That of the route with the least, {@link NextHopTable#MTU_DEFAULT} without routes. */
    int smallestMtu() {
        int smallest = mtus.length == 0 ? NextHopTable.MTU_DEFAULT : Integer.MAX_VALUE;
        for (int mtu : mtus) {
            smallest = Math.min(smallest, mtu);
        }
        return smallest;
    }

    /** Numbers routes as they come. */
    static final class Numbering {
        private final List<RouteDraft> routes = new ArrayList<>();
        private final LongTable linkMtus;

        Numbering(LongTable linkMtus) {
            this.linkMtus = linkMtus;
        }

        /** The route's number, or its negative verdict. */
        long add(RouteDraft route) {
            if (route.verdict() != NextHopTable.FOUND) {
                return route.verdict();
            }
            routes.add(route);
            return routes.size() - 1L;
        }

        Routes columns() {
            int size = routes.size();
            Routes columns = new Routes(new int[size], new long[2 * size], new int[size]);
            for (int i = 0; i < size; i++) {
                RouteDraft route = routes.get(i);
                columns.ifindexes[i] = route.ifindex();
                columns.gateways[2 * i] = route.gatewayHigh();
                columns.gateways[2 * i + 1] = route.gatewayLow();
                int linkMtu = NextHopTable.mtu(linkMtus, route.ifindex());
                columns.mtus[i] = route.mtu() > 0 ? Math.min(route.mtu(), linkMtu) : linkMtu;
            }
            return columns;
        }
    }
}
