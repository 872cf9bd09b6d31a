package io.gatun.forwarder.control;

/** How packets of a service are rewritten; {@link #code} is the {@code mode} of loxilb's REST API. */
public enum NatMode {
    /** Destination only: replies come back to us because the endpoint routes through us. */
    DNAT(0),
    /** Destination and source: the source is an address of ours that moves with the VIP. */
    ONE_ARM(1),
    /** Like ONE_ARM with a chosen source address. */
    FULL_NAT(2),
    /** Direct server return: layer 2 only. */
    DSR(3),
    /** An L7 proxy; Gatun refuses it. */
    FULL_PROXY(4),
    /** ONE_ARM for any address of the host. */
    HOST_ONE_ARM(5);

    private final int code;

    NatMode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
