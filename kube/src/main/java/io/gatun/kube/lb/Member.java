package io.gatun.kube.lb;

import io.gatun.kube.lb.Reply.Outcome;
import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleKey;
import java.io.IOException;
import java.net.URI;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One load balancer: a thread that watches it and one that brings it to what is wanted. */
final class Member {
    private static final Logger LOG = LoggerFactory.getLogger(Member.class);
    private static final long FOREVER_NS = TimeUnit.DAYS.toNanos(1);

    /** What came of telling it its roles. */
    private enum Telling {
        TOLD,
        /** Nothing is decided yet. */
        WAIT,
        /** It answered, but not as it should. */
        LATER,
        UNREACHABLE
    }

    private final URI uri;
    private final LoadBalancerClient client;
    private final MemberRules rules;
    private final Pace pace;
    private final Roles roles;
    private final Counts counts;
    private final Supplier<Map<RuleKey, Rule>> wanted;
    private final Runnable everyKey;

    private final Semaphore wake = new Semaphore(0);
    private final ReentrantLock telling = new ReentrantLock();
    private final Thread watcher;
    private final Thread worker;
    private volatile boolean closed;
    private volatile boolean alive;
    private volatile boolean judged;
    /** When it answered last, or was first asked. */
    private volatile long heardNs = System.nanoTime();

    private final AtomicInteger contacts = new AtomicInteger();
    /** What it was told since the last contact, or null. */
    private volatile Map<String, String> told;

    private volatile boolean compareNow;
    private volatile boolean restOver;
    /** Probes in a row without an answer. */
    private final AtomicInteger misses = new AtomicInteger();
    /** Of the worker. */
    private int failures;

    private long compareAtNs;
    private long restUntilNs;
    private long tellAgainNs;

    /**
     * A member that is not watched yet.
     *
     * @param wanted its supplier gives null as long as nothing was ever wanted
     * @param everyKey told when the standing of all keys may have changed
     */
    Member(
            URI uri,
            LoadBalancerClient client,
            MemberRules rules,
            Pace pace,
            Roles roles,
            Counts counts,
            Supplier<Map<RuleKey, Rule>> wanted,
            Runnable everyKey) {
        this.uri = uri;
        this.client = client;
        this.rules = rules;
        this.pace = pace;
        this.roles = roles;
        this.counts = counts;
        this.wanted = wanted;
        this.everyKey = everyKey;
        this.watcher = Thread.ofVirtual().name("watch " + uri).unstarted(this::watch);
        this.worker = Thread.ofVirtual().name("work " + uri).unstarted(this::work);
        long nowNs = System.nanoTime();
        compareAtNs = nowNs;
        restUntilNs = nowNs;
        tellAgainNs = nowNs;
    }

    void start() {
        watcher.start();
        worker.start();
    }

    /** Ends its threads; does not wait for them. */
    void stop() {
        closed = true;
        watcher.interrupt();
        worker.interrupt();
    }

    /** It is none of ours any more: no master of anything, as far as it can be told. */
    void leave() {
        stop();
        Map<String, String> last = roles.farewell(uri);
        if (alive && !last.isEmpty()) {
            Thread.ofVirtual()
                    .name("leave " + uri)
                    .start(() -> last.forEach((instance, state) -> client.role(instance, state, roles.vip())));
        }
        alive = false;
    }

    URI uri() {
        return uri;
    }

    MemberRules rules() {
        return rules;
    }

    boolean alive() {
        return alive;
    }

    /** Whether it has not answered for so long that nothing is to wait for it. */
    boolean lost() {
        return !alive && System.nanoTime() - heardNs >= pace.giveUp().toNanos();
    }

    /** Whether it is known to be alive or dead. */
    boolean judged() {
        return judged;
    }

    /** Forgets that it is dead, until it has missed as many probes again. */
    void judgeAnew() {
        misses.set(0);
        judged = false;
    }

    /** Something is wanted otherwise than before. */
    void look(Collection<RuleKey> keys) {
        rules.look(keys);
        wake.release();
    }

    /** What rule a member has to a key. */
    MemberRules.Standing standing(RuleKey key, Rule want) {
        return alive ? rules.standing(key, want) : MemberRules.Standing.OUTDATED;
    }

    /** Tells it its new roles at once, whatever it is busy with. */
    void rolesChanged() {
        if (alive) {
            Thread.ofVirtual().name("roles " + uri).start(() -> {
                tell();
                wake.release();
            });
        }
    }

    private void watch() {
        while (!closed) {
            long nextNs = System.nanoTime() + pace.probe().toNanos();
            boolean answered = client.alive();
            if (closed) {
                return;
            }
            if (answered) {
                present();
            } else {
                absent();
            }
            long waitNs = nextNs - System.nanoTime();
            try {
                TimeUnit.NANOSECONDS.sleep(Math.max(0, waitNs));
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void present() {
        heardNs = System.nanoTime();
        boolean doubt = misses.getAndSet(0) > 0;
        if (alive) {
            if (doubt) {
                // It may have been started anew in between.
                compareNow = true;
                wake.release();
            }
            return;
        }
        if (!roles.decided()) {
            try {
                roles.seen(uri, client.roles());
            } catch (IOException e) {
                LOG.warn("{} does not tell its roles: {}", uri, e.getMessage());
            }
        }
        LOG.info("{} answers", uri);
        rules.forget();
        contacts.incrementAndGet();
        told = null;
        compareNow = true;
        restOver = true;
        alive = true;
        judged = true;
        roles.update();
        everyKey.run();
        wake.release();
    }

    private void absent() {
        if (misses.incrementAndGet() < pace.misses()) {
            return;
        }
        boolean news = alive || !judged;
        if (news) {
            LOG.warn("{} does not answer", uri);
        }
        if (alive) {
            counts.deaths.increment();
        }
        alive = false;
        judged = true;
        if (news) {
            roles.update();
            everyKey.run();
        }
    }

    private void work() {
        try {
            while (!closed) {
                long waitNs = step();
                if (waitNs > 0 && wake.tryAcquire(waitNs, TimeUnit.NANOSECONDS)) {
                    wake.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            // Stopped.
        }
    }

    /** One round. @return nanoseconds to the next, unless something happens before */
    private long step() throws InterruptedException {
        long nowNs = System.nanoTime();
        if (restOver) {
            restOver = false;
            restUntilNs = nowNs;
            tellAgainNs = nowNs;
            failures = 0;
        }
        if (!alive) {
            return FOREVER_NS;
        }
        if (restUntilNs - nowNs > 0) {
            return restUntilNs - nowNs;
        }
        Telling roleState = tellAgainNs - nowNs > 0 ? Telling.LATER : tell();
        switch (roleState) {
            case WAIT -> {
                return FOREVER_NS;
            }
            case UNREACHABLE -> {
                return rest();
            }
            case LATER -> {
                if (tellAgainNs - nowNs <= 0) {
                    tellAgainNs = nowNs + pace.retryMax().toNanos();
                }
            }
            case TOLD -> {}
        }
        return wanted.get() == null ? FOREVER_NS : bring(nowNs);
    }

    private long bring(long nowNs) throws InterruptedException {
        try {
            if (compareNow || compareAtNs - nowNs <= 0) {
                compareNow = false;
                remember();
                rules.compare();
                compareAtNs = System.nanoTime() + jittered();
            }
        } catch (IOException e) {
            LOG.debug("{}: {}", uri, e.getMessage());
            return rest();
        }
        switch (rules.work(this::urgent)) {
            case UNREACHABLE -> {
                return rest();
            }
            case BROKEN -> {
                restUntilNs = System.nanoTime() + pace.shortPause().toNanos();
                return pace.shortPause().toNanos();
            }
            default -> failures = 0;
        }
        if (!rules.idle()) {
            return 0;
        }
        long doneNs = System.nanoTime();
        long nextNs = tellAgainNs - doneNs > 0 && tellAgainNs - compareAtNs < 0 ? tellAgainNs : compareAtNs;
        return Math.max(1, rules.againNs(doneNs, nextNs) - doneNs);
    }

    /** A load balancer that was started anew without a missed probe has forgotten its roles: they go first. */
    private void remember() {
        if (!roles.given()) {
            return;
        }
        try {
            if (roles.seen(uri, client.roles())) {
                told = null;
                tell();
            }
        } catch (IOException e) {
            LOG.debug("{} does not tell its roles: {}", uri, e.getMessage());
        }
    }

    private long jittered() {
        return Math.round(
                pace.compare().toNanos() * (0.9 + ThreadLocalRandom.current().nextDouble() / 5));
    }

    /** What comes before rules. */
    private boolean urgent() {
        return closed || !alive || compareNow;
    }

    /** A pause, after which what it has is read before anything is sent. */
    private long rest() {
        failures++;
        compareNow = true;
        long pauseNs = pace.backoff().delayNs(failures);
        restUntilNs = System.nanoTime() + pauseNs;
        return pauseNs;
    }

    private Telling tell() {
        telling.lock();
        try {
            int contact = contacts.get();
            Optional<Map<String, String>> due = roles.told(uri);
            if (due.isEmpty()) {
                return Telling.WAIT;
            }
            if (due.get().equals(told)) {
                return Telling.TOLD;
            }
            for (Map.Entry<String, String> role : due.get().entrySet()) {
                Reply reply = client.role(role.getKey(), role.getValue(), roles.vip());
                if (reply.is(Outcome.UNREACHABLE)) {
                    return Telling.UNREACHABLE;
                }
                if (!reply.holds()) {
                    LOG.warn("{} does not become {} of {}: {}", uri, role.getValue(), role.getKey(), reply.text());
                    return Telling.LATER;
                }
            }
            if (contacts.get() == contact) {
                told = due.get();
            }
            return Telling.TOLD;
        } finally {
            telling.unlock();
        }
    }
}
