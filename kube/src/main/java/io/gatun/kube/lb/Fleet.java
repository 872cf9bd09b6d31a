package io.gatun.kube.lb;

import io.gatun.kube.model.FleetOptions;
import io.gatun.kube.model.LoadBalancers;
import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleKey;
import io.gatun.kube.model.RuleState;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Load balancers over REST. Rules of ours are those of our zone, {@code <ns>_<svc>:<zone>-inst<N>}: controllers of
 * several zones may share load balancers. Where they share rules, no name tells what is ours: then only endpoints that are
 * named are attached and detached. As long as nothing was ever wanted, nothing is removed.
 */
public final class Fleet implements LoadBalancers {
    private final Pace pace;
    private final UnaryOperator<String> environment;
    private final Counts counts = new Counts();
    private final Roles roles;
    private final Pattern ours;
    private final boolean append;
    private final Notices notices = new Notices();
    private final HttpClient http;
    private final ReentrantLock changes = new ReentrantLock();
    private volatile Map<RuleKey, Rule> wanted;
    private volatile Map<URI, Member> members = Map.of();
    private boolean closed;

    /** A fleet without members. */
    public Fleet(FleetOptions options) {
        this(options, System::getenv, Pace.USUAL);
    }

    Fleet(FleetOptions options, UnaryOperator<String> environment, Pace pace) {
        this.pace = pace;
        this.environment = environment;
        this.roles = new Roles(options, pace, counts);
        this.append = options.append();
        this.ours = Pattern.compile("[^_:\\s]+_[^:\\s]+:" + Pattern.quote(options.zone()) + "-inst\\d+");
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(pace.call())
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
        notices.start();
    }

    @Override
    public void want(Map<RuleKey, Rule> rules) {
        changes.lock();
        try {
            Map<RuleKey, Rule> before = wanted;
            Map<RuleKey, Rule> next = Map.copyOf(rules);
            Set<RuleKey> changed = new HashSet<>();
            next.forEach((key, rule) -> {
                if (before == null || !rule.equals(before.get(key))) {
                    changed.add(key);
                }
            });
            if (before != null) {
                before.keySet().stream().filter(key -> !next.containsKey(key)).forEach(changed::add);
            }
            if (before != null && changed.isEmpty()) {
                return;
            }
            wanted = next;
            members.values().forEach(member -> member.look(changed));
            notices.add(changed);
        } finally {
            changes.unlock();
        }
    }

    @Override
    public void members(Collection<URI> baseUrls) {
        changes.lock();
        try {
            if (closed) {
                return;
            }
            Map<URI, Member> before = members;
            Map<URI, Member> next = new LinkedHashMap<>();
            List<Member> added = new ArrayList<>();
            for (URI uri : baseUrls) {
                Member member = before.get(uri);
                if (member == null && !next.containsKey(uri)) {
                    member = member(uri);
                    added.add(member);
                }
                next.putIfAbsent(uri, member);
            }
            if (added.isEmpty() && List.copyOf(next.keySet()).equals(List.copyOf(before.keySet()))) {
                return;
            }
            members = next;
            before.forEach((uri, member) -> {
                if (!next.containsKey(uri)) {
                    member.leave();
                }
            });
            roles.members(List.copyOf(next.values()));
            added.forEach(Member::start);
            everyKey();
        } finally {
            changes.unlock();
        }
    }

    private Member member(URI uri) {
        LoadBalancerClient client = new LoadBalancerClient(http, uri, environment, pace, counts);
        MemberRules rules = new MemberRules(
                uri,
                client,
                pace,
                counts,
                () -> wanted,
                append,
                name -> !append && ours.matcher(name).matches(),
                notices::add);
        return new Member(uri, client, rules, pace, roles, counts, () -> wanted, this::everyKey);
    }

    /** The standing of all keys may have changed. */
    private void everyKey() {
        Set<RuleKey> keys = new HashSet<>();
        Map<RuleKey, Rule> want = wanted;
        if (want != null) {
            keys.addAll(want.keySet());
        }
        members.values().forEach(member -> keys.addAll(member.rules().keys()));
        notices.add(keys);
    }

    @Override
    public RuleState state(RuleKey key) {
        Map<RuleKey, Rule> want = wanted;
        Rule rule = want == null ? null : want.get(key);
        int holding = 0;
        int outdated = 0;
        int lost = 0;
        String error = "";
        Collection<Member> all = members.values();
        for (Member member : all) {
            switch (member.standing(key, rule)) {
                case HOLDS -> holding++;
                case OUTDATED -> {
                    outdated++;
                    lost += member.lost() ? 1 : 0;
                }
                case LACKS -> {}
            }
            String refusal = member.rules().error(key);
            error = refusal.isEmpty() ? error : refusal;
        }
        return new RuleState(holding, all.size(), outdated, lost, error);
    }

    @Override
    public void onChange(Consumer<Set<RuleKey>> listener) {
        notices.listener(listener);
    }

    /** Numbers as of now. */
    public FleetMetrics metrics() {
        Collection<Member> all = members.values();
        Map<RuleKey, Rule> want = wanted;
        return new FleetMetrics(
                all.size(),
                (int) all.stream().filter(Member::alive).count(),
                want == null ? 0 : want.size(),
                counts.drift.sum(),
                counts.deaths.sum(),
                counts.roleChanges.sum(),
                counts.requests(),
                roles.masters());
    }

    /** Ends its threads. What load balancers have stays as it is. */
    @Override
    public void close() {
        changes.lock();
        try {
            closed = true;
            members.values().forEach(Member::stop);
            notices.stop();
            http.shutdownNow();
        } finally {
            changes.unlock();
        }
    }
}
