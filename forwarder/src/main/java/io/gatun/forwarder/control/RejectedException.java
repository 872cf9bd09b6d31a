package io.gatun.forwarder.control;

/** A request that cannot be carried out; nothing was changed. The message names the field, its value and the cure. */
public final class RejectedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why, in the few classes that callers tell apart. */
    public enum Kind {
        /** The request itself is wrong. */
        INVALID,
        /** It contradicts what is there. */
        CONFLICT,
        /** A limit is reached. */
        CAPACITY
    }

    private final Kind kind;

    public RejectedException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /**
     * The request itself is wrong: {@code endpoints[1].targetPort=65536, must be 1-65535}.
     *
     * @param field as the caller names it
     * @param value what was given
     * @param cure what to give instead
     */
    public static RejectedException invalid(String field, Object value, String cure) {
        return new RejectedException(Kind.INVALID, field + "=" + value + ", " + cure);
    }
}
