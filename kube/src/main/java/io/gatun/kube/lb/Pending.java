package io.gatun.kube.lb;

import io.gatun.kube.model.RuleKey;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Keys of rules to be looked at, each once, in the order in which they came, and never by two threads at a time. */
final class Pending {
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<RuleKey> waiting = new LinkedHashSet<>();
    private final Set<RuleKey> taken = new HashSet<>();

    void add(Collection<RuleKey> keys) {
        lock.lock();
        try {
            waiting.addAll(keys);
        } finally {
            lock.unlock();
        }
    }

    /** The next one that nobody has, or null. To be given back with {@link #done}. */
    RuleKey take() {
        lock.lock();
        try {
            for (Iterator<RuleKey> keys = waiting.iterator(); keys.hasNext(); ) {
                RuleKey key = keys.next();
                if (taken.add(key)) {
                    keys.remove();
                    return key;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** It has been looked at. */
    void done(RuleKey key) {
        lock.lock();
        try {
            taken.remove(key);
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }
}
