package io.gatun.forwarder.bpf;

/** A program cannot be attached or removed; one sentence with the interface, the reason and the cure. */
public final class AttachException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AttachException(String message) {
        super(message);
    }
}
