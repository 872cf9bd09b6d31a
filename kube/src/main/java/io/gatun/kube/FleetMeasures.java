package io.gatun.kube;

import io.gatun.kube.lb.FleetMetrics;
import io.gatun.kube.metrics.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The load balancers in numbers. Counters begin anew with each term. */
final class FleetMeasures {
    private static final String PREFIX = "gatun_controller_lb_";

    private FleetMeasures() {}

    static List<Measure> of(FleetMetrics fleet) {
        List<Measure> all = new ArrayList<>();
        gauge(all, "members", "Load balancers there are to be", fleet.members());
        gauge(all, "alive", "Load balancers that answer", fleet.alive());
        counter(all, "drift", "Rules that were found other than they had been left", fleet.drift());
        counter(all, "deaths", "Times that a load balancer stopped answering", fleet.deaths());
        counter(all, "role_changes", "Times that a master was chosen anew", fleet.roleChanges());
        new TreeMap<>(fleet.requests())
                .forEach((outcome, count) ->
                        counter(all, "requests", "Requests, by outcome", count, "outcome", outcome));
        new TreeMap<>(fleet.masters())
                .forEach((instance, member) -> gauge(
                        all,
                        "preferred",
                        "The load balancer that is to be master of an instance",
                        1,
                        "instance",
                        instance,
                        "member",
                        member.toString()));
        return all;
    }

    private static void gauge(List<Measure> all, String name, String help, int value, String... labels) {
        all.add(new Measure(PREFIX + name, help, false, value, List.of(labels)));
    }

    private static void counter(List<Measure> all, String name, String help, long value, String... labels) {
        all.add(new Measure(PREFIX + name, help, true, (double) value, List.of(labels)));
    }
}
