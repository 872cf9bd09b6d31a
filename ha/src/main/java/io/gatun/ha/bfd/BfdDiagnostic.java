package io.gatun.ha.bfd;

/** Why a session changed its state last, with its number on the wire (RFC 5880 section 4.1, Diag). */
public enum BfdDiagnostic {
    NONE(0),
    DETECTION_TIME_EXPIRED(1),
    ECHO_FAILED(2),
    /** The peer said that the session is down at its end, or held down. */
    NEIGHBOUR_SIGNALLED_DOWN(3),
    FORWARDING_PLANE_RESET(4),
    PATH_DOWN(5),
    CONCATENATED_PATH_DOWN(6),
    ADMINISTRATIVELY_DOWN(7),
    REVERSE_CONCATENATED_PATH_DOWN(8),
    /** A number that is not assigned, 9-31; never sent. */
    UNASSIGNED(9);

    private static final BfdDiagnostic[] BY_CODE = values();

    private final int code;

    BfdDiagnostic(int code) {
        this.code = code;
    }

    /** @param code five bits */
    static BfdDiagnostic of(int code) {
        return BY_CODE[Math.min(code, UNASSIGNED.code)];
    }

    int code() {
        return code;
    }
}
