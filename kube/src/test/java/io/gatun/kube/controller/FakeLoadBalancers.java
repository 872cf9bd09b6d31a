package io.gatun.kube.controller;

import io.gatun.kube.model.LoadBalancers;
import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleKey;
import io.gatun.kube.model.RuleState;
import java.net.URI;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Load balancers in memory, which do at once what they are told, unless they are down. */
final class FakeLoadBalancers implements LoadBalancers {
    /** What each has; outlives a controller. */
    private final Map<URI, Map<RuleKey, Rule>> held;

    private final Set<URI> down;
    private final Set<URI> lost = new TreeSet<>();
    private Set<URI> members = Set.of();
    private Map<RuleKey, Rule> wanted;
    private Consumer<Set<RuleKey>> listener = keys -> {};
    private String refusal = "";
    private boolean closed;

    FakeLoadBalancers() {
        this(new TreeMap<>(), new TreeSet<>());
    }

    private FakeLoadBalancers(Map<URI, Map<RuleKey, Rule>> held, Set<URI> down) {
        this.held = held;
        this.down = down;
    }

    /** The same load balancers, for another controller. */
    synchronized FakeLoadBalancers again() {
        return new FakeLoadBalancers(held, down);
    }

    synchronized void down(URI member, boolean isDown) {
        if (isDown) {
            down.add(member);
        } else {
            down.remove(member);
        }
        apply();
    }

    /** It has been down for long. */
    synchronized void lost(URI member) {
        lost.add(member);
        listener.accept(Set.of());
    }

    /** From now on rules are refused with these words; empty to take them. */
    synchronized void refuse(String words) {
        refusal = words;
        apply();
    }

    synchronized Map<RuleKey, Rule> rules(URI member) {
        return Map.copyOf(held.getOrDefault(member, Map.of()));
    }

    synchronized Set<URI> members() {
        return members;
    }

    synchronized boolean closed() {
        return closed;
    }

    @Override
    public synchronized void want(Map<RuleKey, Rule> rules) {
        if (!rules.equals(wanted)) {
            wanted = Map.copyOf(rules);
            apply();
        }
    }

    @Override
    public synchronized void members(Collection<URI> baseUrls) {
        if (!members.equals(Set.copyOf(baseUrls))) {
            members = Set.copyOf(baseUrls);
            apply();
        }
    }

    @Override
    public synchronized RuleState state(RuleKey key) {
        Rule want = wanted == null ? null : wanted.get(key);
        int holding = 0;
        int outdated = 0;
        int given = 0;
        for (URI member : members) {
            Rule has = held.getOrDefault(member, Map.of()).get(key);
            if (down.contains(member) || (has != null && !has.equals(want))) {
                outdated++;
                given += lost.contains(member) ? 1 : 0;
            } else if (want != null && Objects.equals(has, want)) {
                holding++;
            }
        }
        return new RuleState(holding, members.size(), outdated, given, want == null ? "" : refusal);
    }

    @Override
    public synchronized void onChange(Consumer<Set<RuleKey>> told) {
        listener = told;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private void apply() {
        if (closed || wanted == null) {
            return;
        }
        Set<RuleKey> changed = new HashSet<>(wanted.keySet());
        for (URI member : members) {
            if (!down.contains(member)) {
                Map<RuleKey, Rule> rules = held.computeIfAbsent(member, ignored -> new TreeMap<>());
                changed.addAll(rules.keySet());
                rules.keySet().retainAll(wanted.keySet());
                if (refusal.isEmpty()) {
                    rules.putAll(wanted);
                    rules.values().removeIf(rule -> rule.endpoints().isEmpty());
                }
            }
        }
        listener.accept(changed);
    }
}
