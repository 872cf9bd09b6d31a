package io.gatun.forwarder.packet;

/** Types and codes of ICMPv6, RFC 4443. Its messages have the layout of {@link IcmpFlyweight}. */
public final class Icmpv6 {
    public static final int DESTINATION_UNREACHABLE = 1;
    public static final int PACKET_TOO_BIG = 2;
    public static final int TIME_EXCEEDED = 3;
    public static final int PARAMETER_PROBLEM = 4;
    public static final int ECHO_REQUEST = 128;
    public static final int ECHO_REPLY = 129;
    public static final int ROUTER_SOLICITATION = 133;

    /** RFC 4861, as the three around it. */
    public static final int NEIGHBOR_SOLICITATION = 135;

    public static final int NEIGHBOR_ADVERTISEMENT = 136;
    public static final int REDIRECT = 137;

    /** Codes of {@link #DESTINATION_UNREACHABLE}. */
    public static final int NO_ROUTE = 0;

    public static final int PROHIBITED = 1;
    public static final int BEYOND_SCOPE = 2;
    public static final int ADDRESS_UNREACHABLE = 3;
    public static final int PORT_UNREACHABLE = 4;

    /** Codes of {@link #PARAMETER_PROBLEM}. */
    public static final int ERRONEOUS_FIELD = 0;

    public static final int UNKNOWN_NEXT_HEADER = 1;

    private Icmpv6() {}

    /** Whether a message of this type tells of another packet, which it quotes: types below 128. */
    public static boolean isError(int type) {
        return type < 128;
    }

    public static boolean isEcho(int type) {
        return type == ECHO_REQUEST || type == ECHO_REPLY;
    }
}
