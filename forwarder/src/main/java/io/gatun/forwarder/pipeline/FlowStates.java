package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.packet.SctpFlyweight;

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
    /** No connection: the endpoint that a client was sent to. */
    public static final int CLIENT = 21;

    /** Event of {@link #tcp}: a segment that changes nothing. */
    static final int NOTHING = 0;

    /** Event of {@link #tcp}: a SYN of the client, a SYN ACK of the endpoint. */
    static final int SYN = 1;

    /** Event of {@link #tcp}: the client acknowledged the endpoint's SYN. */
    static final int HANDSHAKE = 2;

    /** Event of {@link #tcp}: a FIN. */
    static final int FIN = 3;

    /** Event of {@link #tcp}: a RST that is believed. */
    static final int RST = 4;

    /** A bit for each state that {@link #isOver}: the packet path asks it of every packet. */
    private static final int OVER = 1 << FINISHED | 1 << CLOSED | 1 << SCTP_SHUTDOWN_COMPLETE | 1 << SCTP_ABORTED;

    private static final String[] NAMES = {
        "unk", "sync-sent", "sync-ack", "est", "closed-wait", "closed-wait", "fini", "closed", "udp-uni", "udp-est",
        "init", "init-ack", "cookie-echo", "est", "shut", "shut-ack", "shut-complete", "abort", "req-sent", "bidir",
        "fragments", "client"
    };

    private FlowStates() {}

    /** The state after an event of TCP; {@code reply} is true for one from the endpoint. */
    static int tcp(int state, int event, boolean reply) {
        return switch (event) {
            case SYN -> state == SYN_SENT && reply ? SYN_ACK : state;
            case HANDSHAKE -> state == SYN_ACK && !reply ? ESTABLISHED : state;
            case FIN -> fin(state, reply);
            case RST -> CLOSED;
            default -> state;
        };
    }

    /** The state after an event of the client where the endpoint's are never seen (direct server return). */
    static int tcpOneWay(int state, int event) {
        return switch (event) {
            case HANDSHAKE -> state == SYN_SENT ? ESTABLISHED : state;
            case FIN -> state == CLOSED ? CLOSED : FINISHED;
            case RST -> CLOSED;
            default -> state;
        };
    }

    /** Whether a connection has ended, and its tuple may be used again at once. */
    public static boolean isOver(int state) {
        return (OVER >>> state & 1) != 0;
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
            case SctpFlyweight.INIT -> !reply && state == SCTP_INIT_ACK ? SCTP_INIT : state;
            case SctpFlyweight.INIT_ACK -> reply && state == SCTP_INIT ? SCTP_INIT_ACK : state;
            case SctpFlyweight.COOKIE_ECHO -> state == SCTP_INIT_ACK ? SCTP_COOKIE_ECHO : state;
            case SctpFlyweight.COOKIE_ACK -> state == SCTP_COOKIE_ECHO ? SCTP_ESTABLISHED : state;
            case SctpFlyweight.SHUTDOWN -> state == SCTP_ESTABLISHED ? SCTP_SHUTDOWN : state;
            case SctpFlyweight.SHUTDOWN_ACK ->
                state == SCTP_ESTABLISHED || state == SCTP_SHUTDOWN ? SCTP_SHUTDOWN_ACK : state;
            case SctpFlyweight.SHUTDOWN_COMPLETE -> state == SCTP_SHUTDOWN_ACK ? SCTP_SHUTDOWN_COMPLETE : state;
            case SctpFlyweight.ABORT -> SCTP_ABORTED;
            default -> state;
        };
    }

    /** The state after an SCTP packet of the client where the endpoint's are never seen (direct server return). */
    static int sctpOneWay(int state, int chunkType) {
        return switch (chunkType) {
            case SctpFlyweight.INIT -> state;
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

    /** Whether this is the state of a connection, and not of a note that stands in the table beside them. */
    public static boolean isConnection(int state) {
        return state != FRAGMENTS && state != CLIENT;
    }

    /** Whether this is the state of a connection that has not come to its end. */
    public static boolean isOpen(int state) {
        return switch (state) {
            case FINISHED, CLOSED, SCTP_SHUTDOWN_COMPLETE, SCTP_ABORTED, FRAGMENTS, CLIENT -> false;
            default -> true;
        };
    }

    /** Whether both ends have spoken: the connection is one, and no stranger's packet with a borrowed address. */
    static boolean isAnswered(int state) {
        return switch (state) {
            case ESTABLISHED, UDP_ESTABLISHED, SCTP_ESTABLISHED, ECHO_ANSWERED -> true;
            default -> false;
        };
    }

    /**
     * Whether an idle connection in this state keeps the service's own timeout; others are forgotten soon.
     *
     * @param oneWay answers never pass here, so none is missed
     */
    public static boolean isLasting(int state, boolean oneWay) {
        return switch (state) {
            case ESTABLISHED,
                    CLIENT_CLOSED,
                    ENDPOINT_CLOSED,
                    UDP_ESTABLISHED,
                    SCTP_ESTABLISHED,
                    SCTP_SHUTDOWN,
                    ECHO_ANSWERED -> true;
            case UDP_ONE_WAY, ECHO_REQUESTED -> oneWay;
            default -> false;
        };
    }

    /** Whether the handshake of a connection of TCP or SCTP is not complete. */
    static boolean isHalfOpen(int state) {
        return switch (state) {
            case SYN_SENT, SYN_ACK, SCTP_INIT, SCTP_INIT_ACK, SCTP_COOKIE_ECHO -> true;
            default -> false;
        };
    }

    /** Whether a connection of TCP is established, or half closed. */
    public static boolean isOpenTcp(int state) {
        return state == ESTABLISHED || state == CLIENT_CLOSED || state == ENDPOINT_CLOSED;
    }

    /** Whether the endpoint has not said anything yet to who wants to connect. */
    public static boolean isUnanswered(int state) {
        return state == SYN_SENT || state == SCTP_INIT;
    }

    /** Whether this is how it refuses a connection that it did not have. */
    static boolean isRefusal(int state) {
        return state == CLOSED || state == SCTP_ABORTED;
    }

    private static int fin(int state, boolean reply) {
        return switch (state) {
            case CLIENT_CLOSED -> reply ? FINISHED : state;
            case ENDPOINT_CLOSED -> reply ? state : FINISHED;
            case SYN_SENT, FINISHED, CLOSED -> state;
            default -> reply ? ENDPOINT_CLOSED : CLIENT_CLOSED;
        };
    }
}
