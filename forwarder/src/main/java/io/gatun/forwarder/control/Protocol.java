package io.gatun.forwarder.control;

/** Transport protocols a service can have, with their IANA protocol numbers. */
public enum Protocol {
    ICMP(1),
    TCP(6),
    UDP(17),
    SCTP(132);

    private final int number;

    Protocol(int number) {
        this.number = number;
    }

    /** The value of the IPv4 protocol field. */
    public int number() {
        return number;
    }

    /** Lower case, as loxilb's REST API writes it. */
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * The protocol with this IANA number.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Protocol ofNumber(int number) {
        for (Protocol protocol : values()) {
            if (protocol.number == number) {
                return protocol;
            }
        }
        throw new IllegalArgumentException("protocol=" + number + " is none of 1, 6, 17, 132");
    }
}
