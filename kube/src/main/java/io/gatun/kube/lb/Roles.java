package io.gatun.kube.lb;

import io.gatun.kube.lb.Election.Candidate;
import io.gatun.kube.model.FleetOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is preferred as master of each instance. The load balancers' own protocol decides in the end; where it has decided
 * otherwise, that is adopted. After a start, and after a time in which nobody answered (more likely we were cut off than
 * all of them dead), whoever is master already stays it.
 */
final class Roles {
    /** The instance of a load balancer without zones, which is told what the first of ours is. */
    static final String DEFAULT_INSTANCE = "llb-inst0";

    private static final Logger LOG = LoggerFactory.getLogger(Roles.class);
    private static final String MASTER = "MASTER";
    private static final String BACKUP = "BACKUP";
    private static final String NOT_DEFINED = "NOT_DEFINED";

    /** What a member said its roles are. */
    private record Seen(Map<String, String> states, long atNs) {}

    private final FleetOptions options;
    private final Pace pace;
    private final Counts counts;
    private final List<String> instances;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<URI, Seen> seen = new HashMap<>();
    private List<Member> members = List.of();
    private long changedNs;
    private volatile boolean decided;
    private volatile Map<String, URI> masters = Map.of();

    Roles(FleetOptions options, Pace pace, Counts counts) {
        this.options = options;
        this.pace = pace;
        this.counts = counts;
        List<String> names = new ArrayList<>();
        for (int i = 0; i < options.instances(); i++) {
            names.add(options.zone() + "-inst" + i);
        }
        this.instances = List.copyOf(names);
    }

    /** Whether roles are ours to give. */
    boolean given() {
        return !options.setRoles().isEmpty();
    }

    /** What is sent along as the VIP. */
    String vip() {
        return options.setRoles();
    }

    Map<String, URI> masters() {
        return given() ? masters : Map.of();
    }

    boolean decided() {
        return decided || !given();
    }

    void members(List<Member> now) {
        lock.lock();
        try {
            members = now;
            seen.keySet().retainAll(now.stream().map(Member::uri).toList());
        } finally {
            lock.unlock();
        }
        update();
    }

    /** A member is alive, or dead, or gone. */
    void update() {
        if (!given()) {
            return;
        }
        lock.lock();
        try {
            if (members.stream().noneMatch(Member::alive)) {
                if (decided) {
                    LOG.warn("no load balancer answers, roles stay as they are");
                    decided = false;
                    members.forEach(Member::judgeAnew);
                }
                return;
            }
            boolean first = !decided;
            if (first) {
                if (!members.stream().allMatch(Member::judged)) {
                    return;
                }
                masters = existing();
            }
            choose(first);
        } finally {
            lock.unlock();
        }
    }

    private void choose(boolean first) {
        List<Candidate> candidates = members.stream()
                .map(member -> new Candidate(member.uri(), member.alive(), eligible(member.uri())))
                .toList();
        Map<String, URI> next = Election.elect(candidates, instances, masters, options.spread());
        if (first || !next.equals(masters)) {
            apply(next);
        }
    }

    private void apply(Map<String, URI> next) {
        next.forEach((instance, master) -> {
            if (!master.equals(masters.get(instance))) {
                counts.roleChanges.increment();
                LOG.info(
                        "{} is master of {} now, before it was {}",
                        master,
                        instance,
                        masters.containsKey(instance) ? masters.get(instance) : "nobody");
            }
        });
        masters = Map.copyOf(next);
        decided = true;
        changedNs = System.nanoTime();
        members.forEach(Member::rolesChanged);
    }

    private boolean eligible(URI uri) {
        String host = uri.getHost() == null ? "" : uri.getHost().replaceAll("[\\[\\]]", "");
        return !options.excluded().contains(host);
    }

    /** Masters that there are, as the members say; where none says it, those of before. */
    private Map<String, URI> existing() {
        Map<String, URI> found = new LinkedHashMap<>(masters);
        for (String instance : instances) {
            List<URI> claims = claims(instance);
            if (!claims.isEmpty() && !claims.contains(found.get(instance))) {
                found.put(instance, claims.getFirst());
            }
        }
        return found;
    }

    /** Living members that may be master of the instance and say they are. */
    private List<URI> claims(String instance) {
        return members.stream()
                .filter(Member::alive)
                .map(Member::uri)
                .filter(this::eligible)
                .filter(uri -> state(uri, instance).equals(MASTER))
                .toList();
    }

    private String state(URI uri, String instance) {
        return Optional.ofNullable(seen.get(uri))
                .map(said -> said.states().getOrDefault(instance, NOT_DEFINED))
                .orElse(NOT_DEFINED);
    }

    /**
     * What a member has to be told: instances and states, in this order.
     *
     * @return empty as long as nothing is decided
     */
    Optional<Map<String, String>> told(URI uri) {
        if (!given()) {
            return Optional.of(Map.of());
        }
        if (!decided) {
            return Optional.empty();
        }
        Map<String, URI> now = masters;
        Map<String, String> told = new LinkedHashMap<>();
        if (!instances.contains(DEFAULT_INSTANCE)) {
            told.put(DEFAULT_INSTANCE, uri.equals(now.get(instances.getFirst())) ? MASTER : BACKUP);
        }
        for (String instance : instances) {
            told.put(instance, uri.equals(now.get(instance)) ? MASTER : BACKUP);
        }
        return Optional.of(told);
    }

    /** What a member that leaves is told: nothing that it could be master of is left. */
    Map<String, String> farewell(URI uri) {
        Map<String, String> told = new LinkedHashMap<>();
        told(uri).orElse(Map.of()).forEach((instance, state) -> told.put(instance, BACKUP));
        return told;
    }

    /**
     * A member says what its roles are.
     *
     * @return whether it has forgotten one that it was told
     */
    boolean seen(URI uri, Map<String, String> states) {
        lock.lock();
        try {
            long nowNs = System.nanoTime();
            seen.put(uri, new Seen(Map.copyOf(states), nowNs));
            if (!decided) {
                return false;
            }
            adopt(nowNs);
            return told(uri).orElse(Map.of()).keySet().stream()
                    .anyMatch(instance ->
                            states.getOrDefault(instance, NOT_DEFINED).equals(NOT_DEFINED));
        } finally {
            lock.unlock();
        }
    }

    /** Where the preferred master is none and exactly one other is, all said since the last change, that one is preferred. */
    private void adopt(long nowNs) {
        if (nowNs - changedNs < pace.settle().toNanos()) {
            return;
        }
        Map<String, URI> next = new LinkedHashMap<>(masters);
        for (String instance : instances) {
            URI preferred = masters.get(instance);
            List<URI> claims = claims(instance);
            if (preferred != null
                    && state(preferred, instance).equals(BACKUP)
                    && claims.size() == 1
                    && settled(preferred)
                    && settled(claims.getFirst())) {
                next.put(instance, claims.getFirst());
            }
        }
        if (!next.equals(masters)) {
            apply(next);
        }
    }

    private boolean settled(URI uri) {
        return seen.get(uri).atNs() - changedNs >= pace.settle().toNanos();
    }
}
