package io.gatun.kube.desired;

import io.gatun.kube.ipam.AddressRange;
import io.gatun.kube.ipam.Pools;
import java.util.Optional;

/**
 * What the command line says about rules.
 *
 * @param loadBalancerClass Services of this class are ours, others are left alone
 * @param zone first part of an instance's name; Services that select another zone are left alone
 * @param instances over which addresses are spread
 * @param pools where addresses come from
 * @param unique whether a Service shares its address with none
 * @param mode number of the NAT mode of Services that say none
 * @param monitor whether endpoints are probed where a Service says nothing
 * @param podNetwork whether load balancers reach pods by themselves
 * @param drain whether an endpoint that ends but still serves stays, without new connections
 * @param append whether controllers of other clusters may have endpoints of the same rules
 * @param privateRange addresses behind a NAT in front of the load balancers, one for each of the default pool
 */
public record Options(
        String loadBalancerClass,
        String zone,
        int instances,
        Pools pools,
        boolean unique,
        int mode,
        boolean monitor,
        boolean podNetwork,
        boolean drain,
        boolean append,
        Optional<AddressRange> privateRange) {
    /** The zone that needs not be named. */
    public static final String DEFAULT_ZONE = "llb";

    /** Held by a Service until its rules are gone everywhere. Controllers of other zones have their own. */
    public String finalizer() {
        return zone.equals(DEFAULT_ZONE) ? "gatun.io/load-balancer" : "gatun.io/load-balancer-" + zone;
    }
}
