package io.gatun.kube.lb;

import java.net.URI;
import java.util.Map;

/**
 * A fleet in numbers, since it was made.
 *
 * @param members load balancers there are to be
 * @param alive those that answer
 * @param rules that each is to have
 * @param drift rules that were found other than they had been left, by somebody else or by a restart
 * @param deaths members that stopped answering
 * @param roleChanges masters that were chosen anew
 * @param requests other than health probes, by outcome: done, exists, refused, broken, unreachable
 * @param masters which member is master of an instance; empty without roles
 */
public record FleetMetrics(
        int members,
        int alive,
        int rules,
        long drift,
        long deaths,
        long roleChanges,
        Map<String, Long> requests,
        Map<String, URI> masters) {
    public FleetMetrics {
        requests = Map.copyOf(requests);
        masters = Map.copyOf(masters);
    }
}
