package io.gatun.api.cli;

/** The API cannot be reached or has refused; the message is one sentence. Exit code 1. */
final class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClientException(String message) {
        super(message);
    }

    ClientException(String message, Throwable cause) {
        super(message, cause);
    }
}
