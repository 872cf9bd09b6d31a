package io.gatun.api.jmx;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries changes of settings out, one at a time, and takes them back. */
final class Changes {
    static final int KEPT = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

    private final Deque<Change> last = new ArrayDeque<>();
    private final Map<String, Change> first = new LinkedHashMap<>();

    private record Change(String name, Object before, Object after, Runnable undo) {
        @Override
        public String toString() {
            return name + " " + text(before) + " -> " + text(after);
        }
    }

    /**
     * Changes a value.
     *
     * @param apply puts a value in force, or throws and changes nothing
     * @throws IllegalArgumentException with what it threw; a type that clients of JMX have
     */
    synchronized <T> void change(String name, T before, T wanted, Consumer<T> apply) {
        if (Objects.deepEquals(before, wanted)) {
            return;
        }
        carryOut(name, () -> apply.accept(wanted));
        Change change = new Change(name, before, wanted, () -> apply.accept(before));
        last.addLast(change);
        first.putIfAbsent(name, change);
        if (last.size() > KEPT) {
            last.removeFirst();
        }
        LOG.info("tuned: {}", change);
    }

    /** Takes the last one back. */
    synchronized String undo() {
        Change change = last.peekLast();
        if (change == null) {
            return "there is nothing to undo";
        }
        carryOut(change.name, change.undo);
        last.removeLast();
        first.remove(change.name, change);
        return told("undone: " + change);
    }

    /** Takes all back, those of which {@link #undo} knows nothing any more too. */
    synchronized String reset() {
        if (first.isEmpty()) {
            return "there is nothing to reset";
        }
        first.values().forEach(change -> carryOut(change.name, change.undo));
        String all = first.values().stream()
                .map(change -> change.name + " is " + text(change.before) + " again")
                .collect(Collectors.joining(", "));
        first.clear();
        last.clear();
        return told("reset: " + all);
    }

    synchronized List<String> texts() {
        return last.stream().map(Change::toString).toList();
    }

    private static void carryOut(String name, Runnable change) {
        try {
            change.run();
        } catch (RuntimeException e) {
            LOG.info("tuning of {} refused: {}", name, e.getMessage());
            throw new IllegalArgumentException(e.getMessage());
        }
    }

    private static String told(String text) {
        LOG.info("{}", text);
        return text;
    }

    private static String text(Object value) {
        return value instanceof long[] all ? Arrays.toString(all) : String.valueOf(value);
    }
}
