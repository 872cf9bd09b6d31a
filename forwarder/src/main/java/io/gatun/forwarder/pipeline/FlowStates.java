package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.packet.SctpFlyweight;
import io.gatun.forwarder.packet.TransportFlyweight;

/** The states of a connection, as one byte that both of its tuples carry, and how packets move them. */
public final class FlowStates {
    public static final int SYN_SENT = 1;
    public static final int SYN_ACK = 2;
    public static final int ESTABLISHED = 3;
    public static final int CLIENT_CLOSED = 4;
    public static final int ENDPOINT_CLOSED = 5;
    public static final int FINISHED = 6;
    public static final int CLOSED = 7;
    public static final int UDP_ONE_WAY = 8;
    public static final int UDP_ESTABLISHED = 9;
    public static final int SCTP_INIT = 10;
    public static final int SCTP_INIT_ACK = 11;
    public static final int SCTP_COOKIE_ECHO = 12;
    public static final int SCTP_ESTABLISHED = 13;
    public static final int SCTP_SHUTDOWN = 14;
    public static final int SCTP_SHUTDOWN_ACK = 15;
    public static final int SCTP_SHUTDOWN_COMPLETE = 16;
    public static final int SCTP_ABORTED = 17;
    public static final int ECHO_REQUESTED = 18;
    public static final int ECHO_ANSWERED = 19;
    /** No connection: a datagram that comes in fragments. */
    public static final int FRAGMENTS = 20;

    private static final int TRACKED = TransportFlyweight.SYN | TransportFlyweight.FIN | TransportFlyweight.RST;

    private static final String[] NAMES = {
        "unk", "sync-sent", "sync-ack", "est", "closed-wait", "closed-wait", "fini", "closed", "udp-uni", "udp-est",
        "init", "init-ack", "cookie-echo", "est", "shut", "shut-ack", "shut-complete", "abort", "req-sent", "bidir",
        "fragments"
    };

    private FlowStates() {}

    /** The state after a TCP segment; {@code reply} is true for one from the endpoint. */
    static int tcp(int state, int flags, boolean reply) {
        if ((flags & TRACKED) == 0) {
            return state == SYN_ACK && !reply ? ESTABLISHED : state;
        }
        if ((flags & TransportFlyweight.RST) != 0) {
            return CLOSED;
        }
        if ((flags & TransportFlyweight.SYN) != 0) {
            return syn(state, reply);
        }
        return fin(state, reply);
    }

    /** The state after a segment of the client where the endpoint's are never seen (direct server return). */
    static int tcpOneWay(int state, int flags) {
        if ((flags & TRACKED) == 0) {
            return state == SYN_SENT ? ESTABLISHED : state;
        }
        if ((flags & TransportFlyweight.RST) != 0) {
            return CLOSED;
        }
        return (flags & TransportFlyweight.SYN) != 0 ? SYN_SENT : FINISHED;
    }

    /** The state after a UDP datagram. */
    static int udp(int state, boolean reply) {
        return reply ? UDP_ESTABLISHED : state;
    }

    /** The state after an echo message. */
    static int echo(int state, boolean reply) {
        return reply ? ECHO_ANSWERED : state;
    }

    /** The state after an SCTP packet, by its first chunk (RFC 9260 section 3.2). */
    static int sctp(int state, int chunkType, boolean reply) {
        return switch (chunkType) {
            case SctpFlyweight.INIT -> reply || state == SCTP_ESTABLISHED ? state : SCTP_INIT;
            case SctpFlyweight.INIT_ACK -> reply && state == SCTP_INIT ? SCTP_INIT_ACK : state;
            case SctpFlyweight.COOKIE_ECHO -> state == SCTP_INIT_ACK ? SCTP_COOKIE_ECHO : state;
            case SctpFlyweight.COOKIE_ACK -> state == SCTP_COOKIE_ECHO ? SCTP_ESTABLISHED : state;
            case SctpFlyweight.SHUTDOWN -> SCTP_SHUTDOWN;
            case SctpFlyweight.SHUTDOWN_ACK -> SCTP_SHUTDOWN_ACK;
            case SctpFlyweight.SHUTDOWN_COMPLETE -> SCTP_SHUTDOWN_COMPLETE;
            case SctpFlyweight.ABORT -> SCTP_ABORTED;
            default -> state;
        };
    }

    /** The state after an SCTP packet of the client where the endpoint's are never seen (direct server return). */
    static int sctpOneWay(int chunkType) {
        return switch (chunkType) {
            case SctpFlyweight.INIT -> SCTP_INIT;
            case SctpFlyweight.SHUTDOWN -> SCTP_SHUTDOWN;
            case SctpFlyweight.SHUTDOWN_ACK -> SCTP_SHUTDOWN_ACK;
            case SctpFlyweight.SHUTDOWN_COMPLETE -> SCTP_SHUTDOWN_COMPLETE;
            case SctpFlyweight.ABORT -> SCTP_ABORTED;
            default -> SCTP_ESTABLISHED;
        };
    }

    /** loxilb's word for a state, contract section 3.6. */
    public static String name(int state) {
        return state >= 0 && state < NAMES.length ? NAMES[state] : NAMES[0];
    }

    /** Whether an idle connection in this state keeps the service's own timeout; others are forgotten soon. */
    public static boolean isLasting(int state) {
        return switch (state) {
            case ESTABLISHED,
                    CLIENT_CLOSED,
                    ENDPOINT_CLOSED,
                    UDP_ONE_WAY,
                    UDP_ESTABLISHED,
                    SCTP_ESTABLISHED,
                    SCTP_SHUTDOWN,
                    ECHO_REQUESTED,
                    ECHO_ANSWERED -> true;
            default -> false;
        };
    }

    /** Whether the endpoint has not said anything yet to who wants to connect. */
    public static boolean isUnanswered(int state) {
        return state == SYN_SENT || state == SCTP_INIT;
    }

    /** Whether this is how it refuses a connection that it did not have. */
    static boolean isRefusal(int state) {
        return state == CLOSED || state == SCTP_ABORTED;
    }

    private static int syn(int state, boolean reply) {
        if (reply) {
            return state == SYN_SENT ? SYN_ACK : state;
        }
        return state == FINISHED || state == CLOSED ? SYN_SENT : state;
    }

    private static int fin(int state, boolean reply) {
        return switch (state) {
            case CLIENT_CLOSED -> reply ? FINISHED : state;
            case ENDPOINT_CLOSED -> reply ? state : FINISHED;
            case FINISHED, CLOSED -> state;
            default -> reply ? ENDPOINT_CLOSED : CLIENT_CLOSED;
        };
    }
}
