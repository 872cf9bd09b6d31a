package io.gatun.api.access;

/** A file of certificates, a key or tokens cannot be used; the message names it and the cure. */
public final class AccessFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AccessFileException(String message) {
        super(message);
    }

    AccessFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
