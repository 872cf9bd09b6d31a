package io.gatun.kube.controller;

import io.gatun.kube.desired.Desired;
import io.gatun.kube.desired.Options;
import io.gatun.kube.desired.ServicePlan;
import io.gatun.kube.model.Family;
import io.gatun.kube.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The last round in numbers.
 *
 * @param served Services with an address
 * @param refused Services without one
 * @param released Services whose rules are to go
 * @param programmed Services whose rules are on all load balancers
 * @param rules that each load balancer is to have
 * @param pools how full they are
 */
record Figures(long served, long refused, long released, long programmed, long rules, List<PoolUse> pools) {
    static final Figures NONE = new Figures(0, 0, 0, 0, 0, List.of());

    /** How many addresses of a pool some Service has. */
    record PoolUse(String pool, Family family, double size, long used) {}

    static Figures of(Desired desired, Options options, long programmed) {
        Set<IpAddress> used = desired.plans().values().stream()
                .flatMap(plan -> plan.addresses().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        List<PoolUse> pools = new ArrayList<>();
        for (Family family : Family.values()) {
            Set<String> names = (family == Family.IPV4
                            ? options.pools().ipv4()
                            : options.pools().ipv6())
                    .keySet();
            for (String name : names) {
                pools.add(new PoolUse(
                        name,
                        family,
                        options.pools().size(family, name).doubleValue(),
                        used.stream()
                                .filter(address -> options.pools().contains(name, address))
                                .count()));
            }
        }
        long released =
                desired.plans().values().stream().filter(ServicePlan::released).count();
        long refused = desired.plans().values().stream()
                .filter(plan -> plan.refusal().isPresent())
                .count();
        return new Figures(
                desired.plans().size() - released - refused,
                refused,
                released,
                programmed,
                desired.rules().size(),
                pools);
    }
}
