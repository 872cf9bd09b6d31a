package io.gatun.kube.lb;

import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleEndpoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Our part of a rule to which others may have given endpoints too. Whose an endpoint is, no load balancer tells: ours are
 * those that are wanted, and those that are to be absent.
 *
 * @param present the rule as it is there
 * @param gatun whether a load balancer tells every value, and takes another weight for an endpoint that it has
 */
record Share(Rule want, Rule present, boolean gatun) {
    /** Whether endpoints that are not ours are there. */
    boolean others() {
        Set<RuleEndpoint> ours = targets(want.endpoints());
        ours.addAll(want.absent());
        return !ours.containsAll(targets(present.endpoints()));
    }

    /** Whether all of ours are there that are to be, and none besides. */
    boolean complete() {
        return missing().isEmpty() && targets(present.endpoints()).stream().noneMatch(want.absent()::contains);
    }

    /** Whether all but name and endpoints is as wanted. */
    boolean sameForm() {
        return Forms.same(want.with(present.name(), present.endpoints(), List.of()), present, gatun);
    }

    /** Those that are to be attached. */
    List<RuleEndpoint> missing() {
        List<RuleEndpoint> missing = new ArrayList<>(want.endpoints());
        missing.removeAll(present.endpoints());
        return missing;
    }

    /** Those that are to be detached: what must go, and what loxilb would not give another weight. */
    List<RuleEndpoint> surplus() {
        List<RuleEndpoint> surplus = new ArrayList<>(want.absent());
        if (!gatun) {
            Set<RuleEndpoint> missing = targets(missing());
            present.endpoints().stream()
                    .map(RuleEndpoint::target)
                    .filter(missing::contains)
                    .forEach(surplus::add);
        }
        return surplus;
    }

    /** All that are or were ours. */
    static List<RuleEndpoint> all(Rule want) {
        Set<RuleEndpoint> all = targets(want.endpoints());
        all.addAll(want.absent());
        return List.copyOf(all);
    }

    /** Whether something is in both, whatever its weight. */
    static boolean overlap(List<RuleEndpoint> one, List<RuleEndpoint> other) {
        Set<RuleEndpoint> both = targets(one);
        both.retainAll(targets(other));
        return !both.isEmpty();
    }

    private static Set<RuleEndpoint> targets(List<RuleEndpoint> endpoints) {
        Set<RuleEndpoint> targets = new HashSet<>();
        endpoints.forEach(each -> targets.add(each.target()));
        return targets;
    }
}
