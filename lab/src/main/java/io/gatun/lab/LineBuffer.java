package io.gatun.lab;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/** The last lines of a process' output, numbered from 0. One thread adds, any thread waits. */
final class LineBuffer {
    private static final int CAPACITY = 4096;
    private static final int MAX_LINE = 4096;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<String> lines = new ArrayDeque<>();
    private long count;
    private boolean ended;

    void add(String line) {
        lock.lock();
        try {
            if (lines.size() == CAPACITY) {
                lines.removeFirst();
            }
            lines.addLast(line.length() > MAX_LINE ? line.substring(0, MAX_LINE) + "..." : line);
            count++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No line follows. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** The first line from number {@code from} on in which {@code pattern} is found; empty at the end or the timeout. */
    Optional<String> await(long from, Pattern pattern, long timeoutNs) throws InterruptedException {
        lock.lock();
        try {
            long next = from;
            long left = timeoutNs;
            while (true) {
                long number = count - lines.size();
                for (Iterator<String> each = lines.iterator(); each.hasNext(); number++) {
                    String line = each.next();
                    if (number >= next && pattern.matcher(line).find()) {
                        return Optional.of(line);
                    }
                }
                next = Math.max(next, count);
                if (ended || left <= 0) {
                    return Optional.empty();
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until no line follows.
     *
     * @return false at the timeout
     */
    boolean awaitEnd(long timeoutNs) throws InterruptedException {
        lock.lock();
        try {
            long left = timeoutNs;
            while (!ended && left > 0) {
                left = changed.awaitNanos(left);
            }
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** The last {@code limit} lines. */
    List<String> tail(int limit) {
        lock.lock();
        try {
            return lines.stream().skip(Math.max(0, lines.size() - limit)).toList();
        } finally {
            lock.unlock();
        }
    }
}
