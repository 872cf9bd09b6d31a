package io.gatun.ha.vrrp;

/** What {@link AdvertReader} found: each reason to obey an advert or not, and a counter of each. */
public enum VrrpVerdict {
    VALID(true),
    /** Good, but its addresses are not ours. Obeyed: rules reach nodes one after the other. */
    OTHER_ADDRESSES(true),
    /** Ethertype, IP version or protocol say so. */
    NOT_VRRP(false),
    /** The frame ends before what its lengths promise, or the advert is shorter than its addresses. */
    TRUNCATED(false),
    /** A fragment; an advert fits into a frame. */
    FRAGMENT(false),
    /** TTL or hop limit is not 255: it came through a router. */
    FROM_AFAR(false),
    /** The version is not 3. */
    UNKNOWN_VERSION(false),
    /** The type is not 1. */
    UNKNOWN_TYPE(false),
    BAD_CHECKSUM(false),
    /** Of another virtual router, which is normal. */
    OTHER_VRID(false),
    NO_ADDRESSES(false),
    NO_INTERVAL(false),
    /** With unicast peers: sent by somebody else, or to a group. */
    UNKNOWN_SOURCE(false),
    /** Without: sent to us alone. */
    NOT_TO_GROUP(false),
    /** Our own advert came back, or somebody has our address. */
    FROM_OURSELVES(false);

    private final boolean obeyed;

    VrrpVerdict(boolean obeyed) {
        this.obeyed = obeyed;
    }

    /** Whether the state machine is to hear of it. */
    public boolean obeyed() {
        return obeyed;
    }
}
