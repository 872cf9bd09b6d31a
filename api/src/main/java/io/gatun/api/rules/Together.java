package io.gatun.api.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Lets changes that are asked for while others are being made be made together, in the order in which they came. There is
 * a thread only while there is work.
 *
 * @param <C> a change
 */
final class Together<C> {
    /** A bound on how long the first of them waits for the others. */
    static final int CHANGES_MAX = 64;

    private final Queue<Asked<C>> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Consumer<List<Asked<C>>> maker;

    /** A change, and the caller who waits for it. */
    static final class Asked<C> {
        private final C change;
        private final CompletableFuture<Void> outcome = new CompletableFuture<>();

        private Asked(C change) {
            this.change = change;
        }

        C change() {
            return change;
        }

        void made() {
            outcome.complete(null);
        }

        /** Nothing of it is done. It has no effect where the caller knows the outcome already. */
        void refused(RuntimeException cause) {
            outcome.completeExceptionally(cause);
        }
    }

    /**
     * Starts with nothing to do.
     *
     * @param maker tells each change its outcome; called by one thread at a time. What it throws is the outcome of those
     *     that have none.
     */
    Together(Consumer<List<Asked<C>>> maker) {
        this.maker = maker;
    }

    /** Returns when the change is made, or throws what it was refused with. Any thread. */
    void make(C change) {
        Asked<C> asked = new Asked<>(change);
        queue.add(asked);
        if (waiting.getAndIncrement() == 0) {
            Thread.ofVirtual().name("gatun-changes").start(this::work);
        }
        try {
            asked.outcome.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException refusal ? refusal : e;
        }
    }

    private void work() {
        int taken;
        do {
            List<Asked<C>> together = new ArrayList<>();
            for (Asked<C> next = queue.poll(); next != null; next = queue.poll()) {
                together.add(next);
                if (together.size() == CHANGES_MAX) {
                    break;
                }
            }
            make(together);
            taken = together.size();
        } while (waiting.addAndGet(-taken) > 0);
    }

    private void make(List<Asked<C>> together) {
        try {
            maker.accept(together);
            together.forEach(asked -> asked.refused(new IllegalStateException("a change was forgotten")));
        } catch (RuntimeException e) {
            together.forEach(asked -> asked.refused(e));
        } catch (Error e) {
            together.forEach(asked -> asked.refused(new IllegalStateException("a change failed", e)));
            throw e;
        }
    }
}
