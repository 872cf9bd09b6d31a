package io.gatun.kube.model;

import java.util.List;

/**
 * What the command line says of the load balancers.
 *
 * @param setRoles what {@code --setRoles} says, sent along as the VIP of each role; empty when roles are not ours to give
 * @param zone first part of the names of instances
 * @param instances how many of them there are, at least one
 * @param excluded hosts of load balancers that never become master
 * @param spread whether masters of several instances are to be different load balancers
 * @param append whether others may have endpoints of the same rules, which are then not ours to change
 */
public record FleetOptions(
        String setRoles, String zone, int instances, List<String> excluded, boolean spread, boolean append) {
    public FleetOptions {
        excluded = List.copyOf(excluded);
    }
}
