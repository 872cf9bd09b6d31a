package io.gatun.kube.controller;

import io.fabric8.kubernetes.api.model.Service;
import io.gatun.kube.desired.Conclusion;
import io.gatun.kube.desired.Desired;
import io.gatun.kube.desired.Holding;
import io.gatun.kube.desired.Kube;
import io.gatun.kube.desired.Options;
import io.gatun.kube.desired.ServicePlan;
import io.gatun.kube.desired.Snapshot;
import io.gatun.kube.model.Backoff;
import io.gatun.kube.model.LoadBalancers;
import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleKey;
import io.gatun.kube.model.RuleState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that decides. Changes that come together are decided on together. */
final class Reconciler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    /** Between two rounds at least: many changes become one round. */
    private static final Duration GATHER = Duration.ofMillis(50);

    private static final long IDLE_NS = Duration.ofSeconds(10).toNanos();

    private final Watches watches;
    private final Options options;
    private final Members members;
    private final Patches patches;
    private final LoadBalancers loadBalancers;
    private final ServiceWriter writer;
    private final Events events;
    private final Wake wake;
    private final Backoff backoff;
    private final Counts counts;
    private final Thread thread = Thread.ofPlatform().name("reconciler").unstarted(this::run);
    private final Map<String, Standing> standings = new HashMap<>();
    private Map<String, Holding> remembered = Map.of();
    private volatile Figures figures = Figures.NONE;
    private volatile long lastNs = System.nanoTime();
    private volatile boolean concluded;

    Reconciler(
            Watches watches,
            Options options,
            Members members,
            Patches patches,
            LoadBalancers loadBalancers,
            ServiceWriter writer,
            Events events,
            Wake wake,
            Backoff backoff,
            Counts counts) {
        this.watches = watches;
        this.options = options;
        this.members = members;
        this.patches = patches;
        this.loadBalancers = loadBalancers;
        this.writer = writer;
        this.events = events;
        this.wake = wake;
        this.backoff = backoff;
        this.counts = counts;
    }

    void start() {
        thread.start();
    }

    /** Whether the load balancers were told what is wanted. */
    boolean concluded() {
        return concluded;
    }

    /** Whether the thread goes round. */
    boolean alive() {
        return thread.isAlive() && System.nanoTime() - lastNs < 6 * IDLE_NS;
    }

    Figures figures() {
        return figures;
    }

    private void run() {
        int failures = 0;
        try {
            while (true) {
                wake.await(IDLE_NS);
                long startNs = System.nanoTime();
                try {
                    if (watches.synced()) {
                        round();
                    }
                    failures = 0;
                } catch (RuntimeException e) {
                    failures++;
                    LOG.error("a round failed, it is tried again", e);
                    wake.after(backoff.delayNs(failures));
                }
                lastNs = System.nanoTime();
                counts.rounds.increment();
                counts.roundNs.add(lastNs - startNs);
                TimeUnit.NANOSECONDS.sleep(GATHER.toNanos());
            }
        } catch (InterruptedException e) {
            LOG.debug("the reconciler ends");
        }
    }

    private void round() {
        Snapshot snapshot = watches.snapshot();
        loadBalancers.members(members.of(snapshot.slices(), snapshot.nodes()));
        Desired desired = Conclusion.of(snapshot, options, remembered);
        remembered =
                desired.plans().values().stream().collect(Collectors.toMap(ServicePlan::key, ServicePlan::holding));
        Map<RuleKey, Rule> wanted = secured(desired);
        loadBalancers.want(wanted);
        concluded = true;
        Set<String> uids = desired.plans().values().stream()
                .map(plan -> plan.service().getMetadata().getUid())
                .collect(Collectors.toUnmodifiableSet());
        standings.keySet().retainAll(uids);
        events.retain(uids);
        writer.retain(desired.plans().keySet());
        long programmed = 0;
        for (ServicePlan plan : desired.plans().values()) {
            Standing standing = standings.computeIfAbsent(
                    plan.service().getMetadata().getUid(),
                    ignored -> new Standing(
                            events, Kube.annotations(plan.service()).containsKey(Holding.ADDRESSES)));
            if (plan.released()) {
                release(plan, standing, wanted);
            } else {
                String attached = options.append()
                        ? plan.attached(key -> gone(key, wanted)).text()
                        : "";
                String metadata = patches.metadata(plan, attached);
                offer(new Change(plan.service(), metadata, patches.status(plan), false));
                standing.serving(plan, metadata.isEmpty(), loadBalancers);
                programmed += standing.programmed() ? 1 : 0;
            }
        }
        figures = Figures.of(desired, options, programmed);
    }

    /**
     * The rules without those of Services that are new: until such a one has the finalizer, it could go without a word.
     * One that shows an address was served before, by whomever, and goes on to be.
     */
    private Map<RuleKey, Rule> secured(Desired desired) {
        Map<RuleKey, Rule> rules = new TreeMap<>(desired.rules());
        for (ServicePlan plan : desired.plans().values()) {
            Service service = plan.service();
            if (!Kube.list(service.getMetadata().getFinalizers()).contains(options.finalizer())
                    && Kube.ingress(service).isEmpty()) {
                rules.keySet().removeAll(plan.rules());
            }
        }
        return rules;
    }

    /** Whether no load balancer has an endpoint of ours in this rule that it is not to have. */
    private boolean gone(RuleKey key, Map<RuleKey, Rule> wanted) {
        RuleState state = loadBalancers.state(key);
        Rule rule = wanted.get(key);
        boolean without = rule == null || rule.endpoints().isEmpty();
        return state.outdated() == 0 && (without || state.holding() == state.members());
    }

    private void offer(Change change) {
        if (!change.isEmpty()) {
            writer.offer(change);
        }
    }

    /** A key that another Service wants by now is its business. */
    private void release(ServicePlan plan, Standing standing, Map<RuleKey, Rule> wanted) {
        for (RuleKey key : plan.keys()) {
            RuleState state = loadBalancers.state(key);
            if (options.append() ? !gone(key, wanted) : !wanted.containsKey(key) && state.outdated() > state.lost()) {
                standing.releasing(plan, wake, state, key);
                return;
            }
        }
        Service service = plan.service();
        for (RuleKey key : plan.keys()) {
            RuleState state = loadBalancers.state(key);
            if (!wanted.containsKey(key) && state.lost() > 0) {
                standing.givingUp(plan, state, key);
            }
        }
        writer.offer(
                new Change(service, patches.release(service), Kube.deleted(service) ? "" : patches.status(plan), true));
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
