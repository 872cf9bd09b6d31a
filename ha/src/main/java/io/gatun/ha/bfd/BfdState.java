package io.gatun.ha.bfd;

/** The state of a session, with its number on the wire (RFC 5880 section 4.1, Sta). */
public enum BfdState {
    /** Held down by whoever operates that end; not a failure. */
    ADMIN_DOWN(0),
    DOWN(1),
    /** The peer is heard, and does not know it yet. */
    INIT(2),
    UP(3);

    private static final BfdState[] BY_CODE = values();

    private final int code;

    BfdState(int code) {
        this.code = code;
    }

    /** @param code two bits */
    static BfdState of(int code) {
        return BY_CODE[code];
    }

    int code() {
        return code;
    }
}
