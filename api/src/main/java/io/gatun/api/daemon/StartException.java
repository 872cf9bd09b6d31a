package io.gatun.api.daemon;

import java.util.List;

/**
 * Arguments or environment forbid to run; each sentence names field, value and cure. Exit code 2.
 */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> sentences;

    public StartException(String message) {
        this(message, null);
    }

    public StartException(String message, Throwable cause) {
        super(message, cause);
        sentences = List.of(message);
    }

    /** Several things are wrong at once; at least one. */
    public StartException(List<String> sentences) {
        super(String.join("; ", sentences));
        this.sentences = List.copyOf(sentences);
    }

    /** One for each thing that is wrong. */
    public List<String> sentences() {
        return sentences;
    }
}
