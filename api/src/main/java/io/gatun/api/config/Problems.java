package io.gatun.api.config;

import io.gatun.api.daemon.StartException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Collects all that is wrong, so that it can be told at once. */
public final class Problems {
    /** Each once: two checks may come upon the same. */
    private final Set<String> sentences = new LinkedHashSet<>();

    public void add(String sentence) {
        sentences.add(sentence);
    }

    /** A value, or when it is refused the other one, to go on with. */
    public <T> T check(Supplier<T> value, T otherwise) {
        try {
            return value.get();
        } catch (StartException e) {
            sentences.addAll(e.sentences());
            return otherwise;
        }
    }

    public List<String> sentences() {
        return List.copyOf(sentences);
    }

    /** Throws a StartException with all of them, if there are any. */
    public void refuse() {
        if (!sentences.isEmpty()) {
            throw new StartException(sentences());
        }
    }
}
