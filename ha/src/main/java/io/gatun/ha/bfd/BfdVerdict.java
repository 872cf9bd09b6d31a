package io.gatun.ha.bfd;

/** What became of a received packet: accepted, or refused for a named reason, in the order of the checks. */
public enum BfdVerdict {
    ACCEPTED("accepted"),
    /** Its TTL or hop limit is not 255, or the kernel did not tell it: it may come from afar (RFC 5881 section 5). */
    FROM_AFAR("refused_from_afar"),
    /** Shorter than the 24 bytes that every packet has. */
    TRUNCATED("refused_truncated"),
    BAD_VERSION("refused_bad_version"),
    /** The length field is less than the least, 24 or 26 with authentication, or more than was received. */
    BAD_LENGTH("refused_bad_length"),
    ZERO_MULTIPLIER("refused_zero_multiplier"),
    /** The bit that RFC 5880 keeps for point-to-multipoint is set. */
    MULTIPOINT("refused_multipoint"),
    ZERO_MY_DISCRIMINATOR("refused_zero_my_discriminator"),
    /** It does not say whom it means, which only a sender in Down or AdminDown need not know. */
    ZERO_YOUR_DISCRIMINATOR("refused_zero_your_discriminator"),
    /** No session has its discriminator or, where it has none, its source address. */
    NO_SESSION("refused_no_session"),
    /** It is authenticated, and no key is configured. */
    UNEXPECTED_AUTHENTICATION("refused_unexpected_authentication");

    private final String label;

    BfdVerdict(String label) {
        this.label = label;
    }

    /** The name under which it is counted. */
    public String label() {
        return label;
    }
}
