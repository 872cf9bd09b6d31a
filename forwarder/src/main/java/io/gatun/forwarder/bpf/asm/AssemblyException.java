package io.gatun.forwarder.bpf.asm;

/** A program that cannot be encoded; the message names the label or operand and why. */
public final class AssemblyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AssemblyException(String message) {
        super(message);
    }
}
