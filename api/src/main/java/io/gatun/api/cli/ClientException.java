package io.gatun.api.cli;

/** The API cannot be reached or has refused; the message is one sentence. Exit code 1. */
final class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    ClientException(String message) {
        this(message, 0);
    }

    /** @param status of the answer that refuses */
    ClientException(String message, int status) {
        super(message);
        this.status = status;
    }

    ClientException(String message, Throwable cause) {
        super(message, cause);
        this.status = 0;
    }

    /** HTTP status of the answer that refuses, or 0 when nobody answered. */
    int status() {
        return status;
    }
}
