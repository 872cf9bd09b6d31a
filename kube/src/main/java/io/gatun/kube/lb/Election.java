package io.gatun.kube.lb;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which load balancer is preferred as master of which instance. A pure function. */
final class Election {
    private Election() {}

    /**
     * A member of the fleet.
     *
     * @param eligible whether it may become master
     */
    record Candidate(URI uri, boolean alive, boolean eligible) {
        boolean fit() {
            return alive && eligible;
        }
    }

    /**
     * A master that can be one stays it, also when one that stands before it returns. Else it is the first that can, in
     * the order of members; an instance for which nobody can has none.
     *
     * @param present masters until now
     * @param spread whether instance N begins to look at member N, and not at the first
     */
    static Map<String, URI> elect(
            List<Candidate> candidates, List<String> instances, Map<String, URI> present, boolean spread) {
        Map<String, URI> masters = new LinkedHashMap<>();
        for (int i = 0; i < instances.size(); i++) {
            String instance = instances.get(i);
            URI master = present.get(instance);
            if (candidates.stream().noneMatch(each -> each.fit() && each.uri().equals(master))) {
                masters.put(instance, first(candidates, spread ? i : 0));
            } else {
                masters.put(instance, master);
            }
        }
        masters.values().removeIf(master -> master == null);
        return masters;
    }

    private static URI first(List<Candidate> candidates, int start) {
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get((start + i) % candidates.size());
            if (candidate.fit()) {
                return candidate.uri();
            }
        }
        return null;
    }
}
