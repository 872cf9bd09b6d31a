package io.gatun.kube.lb;

import io.gatun.kube.model.RuleKey;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener of keys, from one thread of its own; those that come while it is busy are told together. */
final class Notices {
    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Thread teller = Thread.ofVirtual().name("fleet notices").unstarted(this::tell);
    private Set<RuleKey> waiting = new LinkedHashSet<>();
    private volatile Consumer<Set<RuleKey>> listener = keys -> {};

    void start() {
        teller.start();
    }

    void stop() {
        teller.interrupt();
    }

    void listener(Consumer<Set<RuleKey>> told) {
        listener = told;
    }

    void add(Collection<RuleKey> keys) {
        if (keys.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            waiting.addAll(keys);
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    private void tell() {
        try {
            while (true) {
                Set<RuleKey> keys = await();
                try {
                    listener.accept(keys);
                } catch (RuntimeException e) {
                    LOG.error("the listener of rule states failed", e);
                }
            }
        } catch (InterruptedException e) {
            // Stopped.
        }
    }

    private Set<RuleKey> await() throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty()) {
                news.await();
            }
            Set<RuleKey> keys = waiting;
            waiting = new LinkedHashSet<>();
            return keys;
        } finally {
            lock.unlock();
        }
    }
}
