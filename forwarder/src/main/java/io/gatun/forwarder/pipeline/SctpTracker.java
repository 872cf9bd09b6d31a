package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.packet.SctpFlyweight;

/**
 * Which chunks of SCTP may end an association: those whose packet has its verification tag (RFC 9260 section 8.5). A
 * direction remembers the tag of its packets in {@link FlowSlot#tcpNext}, 0 until it is known.
 */
final class SctpTracker {
    /** Bytes of a packet whose INIT or INIT ACK has its tag. */
    private static final int INITIATE_LENGTH = 20;

    private final FlowTable flows;
    private final FlowSlot other = new FlowSlot();

    SctpTracker(FlowTable flows) {
        this.flows = flows;
    }

    /** The first chunk of a packet when it counts, else {@link SctpFlyweight#DATA}, which changes nothing. */
    int chunk(FlowSlot own, long slot, SctpFlyweight packet, int transportLength) {
        int type = packet.chunkType();
        switch (type) {
            case SctpFlyweight.INIT, SctpFlyweight.INIT_ACK -> learn(own, slot, packet, type, transportLength);
            case SctpFlyweight.ABORT,
                    SctpFlyweight.SHUTDOWN,
                    SctpFlyweight.SHUTDOWN_ACK,
                    SctpFlyweight.SHUTDOWN_COMPLETE -> {
                if (!isOurs(own, slot, packet, type)) {
                    return SctpFlyweight.DATA;
                }
            }
            default -> {}
        }
        return type;
    }

    /** The tag in an INIT is the one that the answers will have. */
    private void learn(FlowSlot own, long slot, SctpFlyweight packet, int type, int transportLength) {
        boolean answer = type == SctpFlyweight.INIT_ACK;
        int state = own.tcpState();
        boolean opening = state == FlowStates.SCTP_INIT || state == FlowStates.SCTP_INIT_ACK;
        if (answer == own.isReply() && opening && transportLength >= INITIATE_LENGTH && hasOther(slot)) {
            other.tcpNext(packet.initiateTag());
        }
    }

    private boolean isOurs(FlowSlot own, long slot, SctpFlyweight packet, int type) {
        int tag = packet.verificationTag();
        boolean mayReflect = type == SctpFlyweight.ABORT || type == SctpFlyweight.SHUTDOWN_COMPLETE;
        if (mayReflect && (packet.chunkFlags() & SctpFlyweight.T_BIT) != 0) {
            return !hasOther(slot) || other.tcpNext() == 0 || tag == other.tcpNext();
        }
        return own.tcpNext() == 0 || tag == own.tcpNext();
    }

    private boolean hasOther(long slot) {
        long partner = flows.partner(slot);
        if (partner < 0) {
            return false;
        }
        flows.wrap(other, partner);
        return true;
    }
}
