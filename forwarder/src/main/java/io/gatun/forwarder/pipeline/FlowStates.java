package io.gatun.forwarder.pipeline;

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

    private static final int TRACKED = TransportFlyweight.SYN | TransportFlyweight.FIN | TransportFlyweight.RST;

    private static final String[] NAMES = {
        "unk", "sync-sent", "sync-ack", "est", "closed-wait", "closed-wait", "fini", "closed", "udp-uni", "udp-est"
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

    /** The state after a UDP datagram. */
    static int udp(int state, boolean reply) {
        return reply ? UDP_ESTABLISHED : state;
    }

    /** loxilb's word for a state, contract section 3.6. */
    public static String name(int state) {
        return state >= 0 && state < NAMES.length ? NAMES[state] : NAMES[0];
    }

    /** Whether an idle connection in this state keeps the service's own timeout; others are forgotten soon. */
    public static boolean isLasting(int state) {
        return switch (state) {
            case ESTABLISHED, CLIENT_CLOSED, ENDPOINT_CLOSED, UDP_ONE_WAY, UDP_ESTABLISHED -> true;
            default -> false;
        };
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
