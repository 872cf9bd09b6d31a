package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.counters.AgentCounters;
import io.gatun.forwarder.packet.TransportFlyweight;

/**
 * What a TCP segment may say about the state of its connection, judged by the numbers that each direction remembers:
 * docs/adr/0018-connection-states.md, in the spirit of RFC 5961. The slot of the other direction is read only when the
 * state may change or a number jumps.
 */
final class TcpTracker {
    /** How far before its next number a segment may begin that repeats something: a super-frame. */
    private static final int BEHIND_MAX = 1 << 16;

    /** How much more than before a segment may acknowledge without a look at what was sent. */
    private static final int STEP_MAX = 1 << 17;

    /** How much in a row may be lost before us. */
    private static final int GAP_MAX = 1 << 20;

    /** Half of the sequence numbers that can be told from older ones; no window is larger (RFC 7323 section 2.3). */
    private static final int WINDOW_MAX = 1 << 30;

    /** What two ends may have under way, as far as both are believed to speak of one stream. */
    private static final int FLIGHT_MAX = 1 << 27;

    /** What may be acknowledged though it was not seen: fragments show the length of their first one only. */
    private static final int UNSEEN_MAX = 1 << 16;

    private final FlowTable flows;
    private final AgentCounters counters;
    private final FlowSlot other = new FlowSlot();

    TcpTracker(FlowTable flows, AgentCounters counters) {
        this.flows = flows;
        this.counters = counters;
    }

    /**
     * Follows a segment.
     *
     * @param own its direction, in slot {@code slot}
     * @param segment its header
     * @param transportLength bytes of header and payload
     * @return one of the events of {@link FlowStates#tcp}
     */
    int event(FlowSlot own, long slot, TransportFlyweight segment, int transportLength) {
        int flags = segment.tcpFlags();
        if ((flags & TransportFlyweight.RST) != 0) {
            return reset(own, slot, segment, flags);
        }
        int end = segment.tcpSequence() + transportLength - segment.tcpHeaderLength();
        if ((flags & TransportFlyweight.SYN) != 0) {
            return syn(own, slot, segment, flags, end + 1);
        }
        if ((flags & TransportFlyweight.ACK) == 0) {
            return FlowStates.NOTHING; // all segments of a connection that is open have it
        }
        boolean fin = (flags & TransportFlyweight.FIN) != 0;
        int acknowledged = segment.tcpAcknowledgment();
        boolean opening = own.tcpState() <= FlowStates.SYN_ACK;
        if (opening && !own.isReply() && !isProof(own, slot, acknowledged)) {
            return FlowStates.NOTHING;
        }
        if (!follow(own, slot, segment.tcpSequence(), fin ? end + 1 : end, acknowledged)) {
            return FlowStates.NOTHING;
        }
        return fin ? FlowStates.FIN : opening ? FlowStates.HANDSHAKE : FlowStates.NOTHING;
    }

    /**
     * Takes up a direction of which only another node knew the numbers, which may be long past: the first segment here
     * says where it is now, provided that it fits what was heard of the other direction.
     *
     * @return false when this segment cannot say so
     */
    boolean resume(FlowSlot own, long slot, TransportFlyweight segment) {
        int flags = segment.tcpFlags();
        if ((flags & (TransportFlyweight.RST | TransportFlyweight.SYN)) != 0 || (flags & TransportFlyweight.ACK) == 0) {
            return false;
        }
        if (own.tcpState() <= FlowStates.SYN_ACK || FlowStates.isOver(own.tcpState())) {
            return true; // these are too young to have gone on, or done with it
        }
        int sequence = segment.tcpSequence();
        int acknowledged = segment.tcpAcknowledgment();
        if (!hasOther(slot)
                || (!other.isCopy()
                        && (isFar(acknowledged - other.tcpNext()) || isFar(sequence - other.tcpAcknowledged())))) {
            return false;
        }
        if (!continues(sequence - own.tcpNext(), acknowledged - own.tcpAcknowledged())) {
            own.tcpNext(sequence);
            own.tcpAcknowledged(acknowledged);
        }
        return true;
    }

    private static boolean isFar(int distance) {
        return distance > FLIGHT_MAX || distance < -FLIGHT_MAX;
    }

    private static boolean continues(int ahead, int step) {
        return ahead <= 0 && ahead >= -BEHIND_MAX && step >= 0 && step <= STEP_MAX;
    }

    /** Whether a client has seen what the endpoint sent it, and so has not forged its address. */
    private boolean isProof(FlowSlot own, long slot, int acknowledged) {
        return isOneWay(own)
                || (own.tcpState() == FlowStates.SYN_ACK && hasOther(slot) && acknowledged == other.tcpNext());
    }

    private boolean follow(FlowSlot own, long slot, int sequence, int end, int acknowledged) {
        int ahead = sequence - own.tcpNext();
        int step = acknowledged - own.tcpAcknowledged();
        if (!continues(ahead, step) && !isJump(own, slot, ahead, step, acknowledged)) {
            return false;
        }
        if (end - own.tcpNext() > 0 || !isKnown(own)) {
            own.tcpNext(end);
        }
        own.tcpAcknowledged(acknowledged);
        return true;
    }

    private boolean isJump(FlowSlot own, long slot, int ahead, int step, int acknowledged) {
        if (isOneWay(own)) {
            return !isKnown(own) || (isNear(ahead) && (own.tcpAcknowledged() == 0 || step >= 0));
        }
        return isNear(ahead) && step >= 0 && hasOther(slot) && acknowledged - other.tcpNext() <= UNSEEN_MAX;
    }

    private static boolean isNear(int ahead) {
        return ahead <= GAP_MAX && ahead >= -WINDOW_MAX;
    }

    private int syn(FlowSlot own, long slot, TransportFlyweight segment, int flags, int end) {
        boolean answer = (flags & TransportFlyweight.ACK) != 0;
        int state = own.tcpState();
        if (answer != own.isReply()) {
            return FlowStates.NOTHING;
        }
        if (answer && (state == FlowStates.SYN_SENT || state == FlowStates.SYN_ACK)) {
            own.tcpNext(end);
            own.tcpAcknowledged(segment.tcpAcknowledgment());
            if (hasOther(slot)) {
                other.tcpAcknowledged(segment.tcpSequence());
            }
            return FlowStates.SYN;
        }
        if (!answer && state == FlowStates.SYN_SENT) {
            own.tcpNext(end);
            own.tcpAcknowledged(0);
            if (hasOther(slot)) {
                other.tcpNext(0);
                other.tcpAcknowledged(0);
            }
            return FlowStates.SYN;
        }
        return FlowStates.NOTHING;
    }

    private int reset(FlowSlot own, long slot, TransportFlyweight segment, int flags) {
        int sequence = segment.tcpSequence();
        boolean both = !isOneWay(own) && hasOther(slot);
        boolean halfHeard = both && own.isCopy() != other.isCopy(); // what was heard first may be a lie
        boolean next = isKnown(own) && sequence == own.tcpNext() && (!halfHeard || own.isCopy());
        if (next || own.tcpState() == FlowStates.CLOSED) {
            return FlowStates.RST;
        }
        if (both) {
            boolean expected = other.tcpAcknowledged() != 0
                    && sequence == other.tcpAcknowledged()
                    && (!halfHeard || other.isCopy());
            boolean refusal = own.tcpState() == FlowStates.SYN_SENT
                    && own.isReply()
                    && (flags & TransportFlyweight.ACK) != 0
                    && segment.tcpAcknowledgment() == other.tcpNext();
            if (expected || refusal) {
                return FlowStates.RST;
            }
        }
        counters.resetDoubted();
        return FlowStates.NOTHING;
    }

    private boolean hasOther(long slot) {
        long partner = flows.partner(slot);
        if (partner < 0) {
            return false;
        }
        flows.wrap(other, partner);
        return true;
    }

    private static boolean isKnown(FlowSlot own) {
        return (own.tcpNext() | own.tcpAcknowledged()) != 0;
    }

    private static boolean isOneWay(FlowSlot own) {
        return (own.flags() & (FlowSlot.FLAG_DIRECT | FlowSlot.FLAG_TUNNEL)) != 0;
    }
}
