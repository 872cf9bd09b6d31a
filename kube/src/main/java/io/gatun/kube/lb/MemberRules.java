package io.gatun.kube.lb;

import io.gatun.kube.lb.Reply.Outcome;
import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleEndpoint;
import io.gatun.kube.model.RuleKey;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules of one load balancer: what it has as far as it is known, what is to be done, and what it refused. Comparing
 * and working off are for one thread; the rest is for any.
 */
final class MemberRules {
    /** What one member is to a key. */
    enum Standing {
        /** It has the rule as wanted. */
        HOLDS,
        /** It has no such rule. */
        LACKS,
        /** It has the rule although it is unwanted, or in another form, or nobody knows. */
        OUTDATED
    }

    /**
     * That the member has a rule.
     *
     * @param rule as it was posted or told; null when a request for it got no answer
     */
    private record Held(Rule rule) {}

    /**
     * A refusal, to be tried again then.
     *
     * @param want what was refused; null for a removal
     */
    private record Refusal(Rule want, int times, long againNs, String text) {}

    private static final Logger LOG = LoggerFactory.getLogger(MemberRules.class);
    private static final Held UNSURE = new Held(null);
    private static final int BROKEN_MAX = 5;
    private static final String FORMED_BY_OTHERS = "others have endpoints of this rule too, and have given it another"
            + " mode, policy, probe, timeout or sources, which stay until theirs are gone: give all the same";

    private final URI uri;
    private final String host;
    private final LoadBalancerClient client;
    private final Pace pace;
    private final Counts counts;
    private final Supplier<Map<RuleKey, Rule>> wanted;
    private final boolean append;
    private final Predicate<String> ours;
    private final Consumer<Collection<RuleKey>> changed;

    private final Map<RuleKey, Held> held = new ConcurrentHashMap<>();
    /** How the member tells a rule that it was given, where that is not as we would tell it. */
    private final Map<RuleKey, Rule> rendered = new ConcurrentHashMap<>();

    private final Map<RuleKey, Refusal> refused = new ConcurrentHashMap<>();
    /** Rules that others have formed otherwise than we would. */
    private final Set<RuleKey> formedByOthers = ConcurrentHashMap.newKeySet();
    /** What a rule without endpoints of others was made anew for: once, whatever the member makes of it. */
    private final Map<RuleKey, Rule> reformed = new ConcurrentHashMap<>();

    private final Pending pending = new Pending();
    private final AtomicInteger brokenInARow = new AtomicInteger();
    private final AtomicInteger generation = new AtomicInteger();
    private volatile boolean known;
    private volatile boolean gatun;

    /**
     * Rules of a member of which nothing is known.
     *
     * @param wanted what it is to have
     * @param append whether others may have endpoints of the same rules
     * @param ours whether a rule of this name is for us to remove
     * @param changed told keys whose standing may have changed
     */
    MemberRules(
            URI uri,
            LoadBalancerClient client,
            Pace pace,
            Counts counts,
            Supplier<Map<RuleKey, Rule>> wanted,
            boolean append,
            Predicate<String> ours,
            Consumer<Collection<RuleKey>> changed) {
        this.uri = uri;
        this.host = Addresses.orAsIs(String.valueOf(uri.getHost()).replaceAll("[\\[\\]]", ""));
        this.client = client;
        this.pace = pace;
        this.counts = counts;
        this.wanted = wanted;
        this.append = append;
        this.ours = ours;
        this.changed = changed;
    }

    /** What is wanted of this member. */
    private Rule own(Rule want) {
        return want == null ? null : want.on(host);
    }

    /** Something is wanted otherwise than before. */
    void look(Collection<RuleKey> keys) {
        pending.add(keys);
    }

    /** It may be another process with other rules by now. */
    void forget() {
        generation.incrementAndGet();
        known = false;
    }

    /** All keys of which it was ever heard. */
    Set<RuleKey> keys() {
        Set<RuleKey> keys = new HashSet<>(held.keySet());
        keys.addAll(refused.keySet());
        return keys;
    }

    Standing standing(RuleKey key, Rule want) {
        if (!known) {
            return Standing.OUTDATED;
        }
        Held has = held.get(key);
        if (has == null) {
            return Standing.LACKS;
        }
        return want != null && own(want).equals(has.rule()) ? Standing.HOLDS : Standing.OUTDATED;
    }

    /** Why the member does not take the rule, or empty. */
    String error(RuleKey key) {
        Refusal refusal = refused.get(key);
        String text = refusal != null ? refusal.text() : formedByOthers.contains(key) ? FORMED_BY_OTHERS : "";
        return text.isEmpty() ? "" : uri.getAuthority() + ": " + text;
    }

    /** The earliest time at which something refused is to be tried again, or the given one when nothing is. */
    long againNs(long nowNs, long otherwiseNs) {
        long earliest = otherwiseNs;
        for (Refusal refusal : refused.values()) {
            if (refusal.againNs() - earliest < 0) {
                earliest = refusal.againNs();
            }
        }
        return earliest - nowNs < 0 ? nowNs : earliest;
    }

    /** Reads what the member has; what is not as wanted is then to be done. */
    void compare() throws IOException {
        int before = generation.get();
        if (!known) {
            gatun = client.isGatun();
        }
        Map<RuleKey, Rule> there = client.rules();
        Map<RuleKey, Rule> all = wanted.get();
        Set<RuleKey> keys = new HashSet<>(all.keySet());
        keys.addAll(held.keySet());
        there.forEach((key, rule) -> {
            if (ours.test(rule.name())) {
                keys.add(key);
            }
        });
        List<RuleKey> todo = new ArrayList<>();
        long nowNs = System.nanoTime();
        for (RuleKey key : keys) {
            Rule want = own(all.get(key));
            if (!compare(key, want, there.get(key)) && !waits(key, want, nowNs)) {
                todo.add(key);
            }
        }
        pending.add(todo);
        if (generation.get() == before) {
            known = true;
        }
        changed.accept(keys);
    }

    /** Whether it was refused just so, and its time has not come. */
    private boolean waits(RuleKey key, Rule want, long nowNs) {
        Refusal refusal = refused.get(key);
        return refusal != null && Objects.equals(refusal.want(), want) && refusal.againNs() - nowNs > 0;
    }

    /** Notes what the member has. @return whether it is as wanted */
    private boolean compare(RuleKey key, Rule want, Rule told) {
        if (append) {
            return compareShare(key, want, told);
        }
        Held has = held.get(key);
        if (told == null) {
            held.remove(key);
            rendered.remove(key);
            drift(has != null && has.rule() != null && has.rule().equals(want), key, "gone");
            return want == null;
        }
        if (want == null) {
            boolean stale = ours.test(told.name());
            if (stale) {
                held.put(key, new Held(told));
                drift(has == null && known, key, "there again");
            } else {
                held.remove(key);
            }
            return !stale;
        }
        boolean given = has != null && want.equals(has.rule());
        Rule asBefore = rendered.get(key);
        if (Forms.same(want, told, gatun)
                || (given && Forms.alike(want, told) && (asBefore == null || asBefore.equals(told)))) {
            held.put(key, new Held(want));
            rendered.put(key, told);
            return true;
        }
        held.put(key, new Held(told));
        drift(given, key, "changed");
        return false;
    }

    private boolean compareShare(RuleKey key, Rule want, Rule told) {
        Held has = held.get(key);
        boolean given = has != null && want != null && want.equals(has.rule());
        if (want == null || told == null) {
            formedByOthers.remove(key);
            held.remove(key);
            drift(given, key, "gone");
            return want == null || want.endpoints().isEmpty();
        }
        Share share = new Share(want, told, gatun);
        boolean others = share.others();
        boolean formed = share.sameForm();
        if (others) {
            reformed.remove(key);
        }
        if (others && !formed && !want.endpoints().isEmpty()) {
            formedByOthers.add(key);
        } else {
            formedByOthers.remove(key);
        }
        boolean right = share.complete() && (formed || others || want.equals(reformed.get(key)));
        if (!right) {
            held.put(key, new Held(told));
        } else if (want.endpoints().isEmpty()) {
            held.remove(key);
        } else {
            held.put(key, new Held(want));
        }
        drift(given && !right, key, "changed");
        return right;
    }

    private void drift(boolean is, RuleKey key, String how) {
        if (is && known) {
            counts.drift.increment();
            LOG.info("{}: rule {} is {}, put right", uri, key, how);
        }
    }

    /**
     * Does what is to be done.
     *
     * @param urgent asked before each rule; ends the work when something else comes first
     * @return DONE, or BROKEN or UNREACHABLE when the member bore no more; then what is left waits for the next time
     */
    Outcome work(BooleanSupplier urgent) throws InterruptedException {
        long nowNs = System.nanoTime();
        pending.add(refused.entrySet().stream()
                .filter(entry -> entry.getValue().againNs() - nowNs <= 0)
                .map(Map.Entry::getKey)
                .toList());
        int size = pending.size();
        if (size == 0) {
            return Outcome.DONE;
        }
        brokenInARow.set(0);
        AtomicReference<Outcome> failed = new AtomicReference<>(Outcome.DONE);
        List<Thread> others = new ArrayList<>();
        for (int i = 1; i < Math.min(pace.parallel(), size); i++) {
            others.add(Thread.ofVirtual().name(uri + "-" + i).start(() -> pull(urgent, failed)));
        }
        pull(urgent, failed);
        for (Thread other : others) {
            other.join();
        }
        return failed.get();
    }

    boolean idle() {
        return pending.size() == 0;
    }

    private void pull(BooleanSupplier urgent, AtomicReference<Outcome> failed) {
        while (failed.get() == Outcome.DONE && !urgent.getAsBoolean()) {
            RuleKey key = pending.take();
            if (key == null) {
                return;
            }
            try {
                Outcome outcome = bring(key);
                if (outcome == Outcome.UNREACHABLE
                        || (outcome == Outcome.BROKEN && brokenInARow.incrementAndGet() >= BROKEN_MAX)) {
                    failed.set(outcome);
                }
            } finally {
                pending.done(key);
            }
        }
    }

    /** Makes one rule what it is to be. @return what came of it */
    private Outcome bring(RuleKey key) {
        Rule want = own(wanted.get().get(key));
        Held has = held.get(key);
        Reply reply = Reply.DONE;
        if (append) {
            reply = want == null ? Reply.DONE : share(key, has, want);
        } else if (want == null && has != null) {
            reply = client.delete(key);
        } else if (want != null && (has == null || !want.equals(has.rule()))) {
            reply = put(key, has, want);
        }
        if (reply.holds()) {
            brokenInARow.set(0);
            refused.remove(key);
            if (want == null || want.endpoints().isEmpty()) {
                held.remove(key);
                rendered.remove(key);
            } else if (has == null || !want.equals(has.rule())) {
                held.put(key, new Held(want));
                rendered.remove(key);
            }
        } else if (reply.is(Outcome.UNREACHABLE)) {
            held.put(key, UNSURE);
            pending.add(List.of(key));
        } else {
            if (reply.is(Outcome.BROKEN)) {
                held.put(key, UNSURE);
            }
            refuse(key, want, reply);
        }
        changed.accept(List.of(key));
        return reply.outcome();
    }

    private void refuse(RuleKey key, Rule want, Reply reply) {
        Refusal before = refused.get(key);
        int times = before == null ? 1 : before.times() + 1;
        if (before == null || !Objects.equals(before.text(), reply.text())) {
            LOG.warn("{}: rule {} is refused: {}", uri, key, reply.text());
        }
        long pauseNs = pace.backoff().delayNs(times);
        refused.put(key, new Refusal(want, times, System.nanoTime() + pauseNs, reply.text()));
    }

    /**
     * Gatun takes any change of a rule by POST, and connections go on. loxilb takes some and says of others that the rule
     * exists (contract 3.3), hence DELETE first, as kube-loxilb does, for all but endpoints and sources.
     */
    private Reply put(RuleKey key, Held has, Rule want) {
        if (has == null || gatun) {
            return client.post(want);
        }
        if (has.rule() != null && Forms.sentAlike(has.rule(), want)) {
            return Reply.DONE;
        }
        if (has.rule() != null && Forms.differOnlyInTargets(want, has.rule())) {
            Reply reply = client.post(want);
            if (!reply.is(Outcome.EXISTS)) {
                return reply;
            }
        }
        Reply gone = client.delete(key);
        if (!gone.holds()) {
            return gone;
        }
        held.remove(key);
        return client.post(want);
    }

    /** Attaches first, so that a rule that has only our endpoints does not go in between. */
    private Reply share(RuleKey key, Held has, Rule want) {
        List<RuleEndpoint> on = want.endpoints();
        List<RuleEndpoint> off = want.absent();
        if (has == null) {
            return on.isEmpty() ? Reply.DONE : client.attach(want, on);
        }
        if (want.equals(has.rule())) {
            return Reply.DONE;
        }
        if (has.rule() != null) {
            Share share = new Share(want, has.rule(), gatun);
            if (!share.sameForm() && !share.others() && !want.equals(reformed.put(key, want))) {
                off = Share.all(want);
            } else {
                off = share.surplus();
                on = gatun ? on : share.missing();
            }
        }
        boolean detachFirst = Share.overlap(off, on);
        Reply reply = detachFirst ? client.detach(want, off) : attach(want, on);
        if (reply.is(Outcome.REFUSED) && !detachFirst && !off.isEmpty()) {
            // There may be no room for both.
            reply = client.detach(want, off);
            detachFirst = true;
        }
        if (!reply.holds()) {
            return reply;
        }
        return detachFirst ? attach(want, on) : client.detach(want, off);
    }

    private Reply attach(Rule want, List<RuleEndpoint> on) {
        return on.isEmpty() ? Reply.DONE : client.attach(want, on);
    }
}
