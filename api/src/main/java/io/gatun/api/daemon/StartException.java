package io.gatun.api.daemon;

/** Arguments or environment forbid to run; the message is one sentence that names field, value and cure. Exit code 2. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartException(String message) {
        super(message);
    }

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
