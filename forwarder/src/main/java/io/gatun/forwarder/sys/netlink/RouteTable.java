package io.gatun.forwarder.sys.netlink;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Routes as the kernel uses them: of several with the same key only the first counts. The others ("ip route append") are
 * known to exist, no more; when one of such a group goes, the table is uncertain and has to be read anew.
 */
final class RouteTable {
    private final Map<RouteEvent.Key, RouteEvent> routes = new HashMap<>();
    private final Set<RouteEvent.Key> doubled = new HashSet<>();
    private boolean uncertain;

    /** Applies an event. @return whether a route that counts changed */
    boolean apply(RouteEvent route, int flags) {
        return route.removed() ? remove(route) : put(route, flags);
    }

    /** Says that the kernel may have dropped routes without a word. */
    void suspect() {
        uncertain = true;
    }

    /** The table may differ from the kernel's. */
    boolean uncertain() {
        return uncertain;
    }

    Map<RouteEvent.Key, RouteEvent> entries() {
        return routes;
    }

    List<RouteEvent> routes() {
        return List.copyOf(routes.values());
    }

    private boolean put(RouteEvent route, int flags) {
        RouteEvent first = routes.get(route.key());
        if (route.equals(first)) {
            return false;
        }
        if (first != null && (flags & Rtnetlink.NLM_F_REPLACE) == 0) {
            doubled.add(route.key());
            // A dump lists the first one first; without either flag the new route went before the others.
            if ((flags & (Rtnetlink.NLM_F_APPEND | Rtnetlink.NLM_F_MULTI)) != 0) {
                return false;
            }
        }
        routes.put(route.key(), route);
        return true;
    }

    private boolean remove(RouteEvent gone) {
        if (doubled.contains(gone.key())) {
            uncertain = true;
            return false;
        }
        return routes.remove(gone.key()) != null;
    }
}
