package io.gatun.forwarder.conntrack;

/** The connection table cannot be opened; the message is one sentence with the cure. */
public final class ConnectionTableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConnectionTableException(String message) {
        super(message);
    }

    ConnectionTableException(String message, Throwable cause) {
        super(message, cause);
    }
}
