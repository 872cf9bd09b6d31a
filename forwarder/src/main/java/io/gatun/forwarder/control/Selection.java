package io.gatun.forwarder.control;

/** How a service chooses an endpoint; {@link #code} is the {@code sel} of loxilb's REST API. */
public enum Selection {
    ROUND_ROBIN(0),
    HASH(1),
    PRIORITY(2),
    PERSIST(3),
    LEAST_CONNECTIONS(4),
    N2(5),
    N3(6);

    private final int code;

    Selection(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
