package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.counters.AgentCounters;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.nat.IcmpAnswer;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What this node says in its own name, in place of the frame that it answers and within limits. The frame that is
 * answered counts as dropped all the same, but for an echo request.
 */
final class Answers {
    private final UnsafeBuffer memory;
    private final AgentCounters counters;
    private final Cycle cycle;
    private final Refusal refusal = new Refusal();
    private final Refusal6 refusal6 = new Refusal6();
    private final RefusalLimit limit = new RefusalLimit();
    private final IcmpAnswer answer = new IcmpAnswer();

    Answers(UnsafeBuffer memory, AgentCounters counters, Cycle cycle) {
        this.memory = memory;
        this.counters = counters;
        this.cycle = cycle;
    }

    /** Whether packets to the destination of frame {@code i} end here. */
    boolean owns(ParsedBatch parsed, int i) {
        return parsed.isIpv6(i)
                ? cycle.services().owns(parsed.destinationHigh(i), parsed.destinationLow(i))
                : cycle.services().owns(parsed.destination(i));
    }

    /** Whether this node speaks for the destination of frame {@code i}. */
    boolean answersFor(ParsedBatch parsed, int i) {
        return parsed.isIpv6(i)
                ? cycle.services().answersFor(parsed.destinationHigh(i), parsed.destinationLow(i))
                : cycle.services().answersFor(parsed.destination(i));
    }

    /** Refuses as a host would. @return {@code reason}, or that we are not the one to refuse */
    DropReason refuse(FrameBatch batch, ParsedBatch parsed, int i, DropReason reason) {
        if (!answersFor(parsed, i)) {
            return DropReason.NOT_MASTER;
        }
        long nowNs = cycle.nowNs();
        if (parsed.isFragment(i) || cycle.services().isQuiet(nowNs) || !limit.tryAcquire(nowNs)) {
            return reason;
        }
        int offset = batch.offset(i);
        int length = parsed.isIpv6(i) ? refused6(offset, parsed, i) : refused4(offset, parsed, i);
        if (length != Refusal.SILENT) {
            batch.plain(i);
            batch.transmit(i, length);
            counters.refused();
        }
        return reason;
    }

    /** Answers an echo request for an address of ours. */
    void echo(FrameBatch batch, ParsedBatch parsed, int i) {
        int offset = batch.offset(i);
        int length = parsed.isIpv6(i)
                ? refusal6.echoReply(memory, offset, parsed, i)
                : refusal.echoReply(memory, offset, parsed, i);
        batch.transmit(i, length);
    }

    /**
     * Tells the sender that a packet is too big.
     *
     * @param mtu bytes of the largest IP packet that would pass
     */
    DropReason tooBig(FrameBatch batch, ParsedBatch parsed, int i, int mtu) {
        int frame = batch.offset(i);
        int ipOffset = parsed.ipOffset(i);
        int end = ipOffset + parsed.ipLength(i);
        if (mayReport(frame, parsed, i, end)) {
            if (parsed.isIpv6(i)) {
                answer.tooBig6(memory, frame, ipOffset, end, parsed.destinationHigh(i), parsed.destinationLow(i), mtu);
            } else {
                answer.tooBig(memory, frame, ipOffset, end, parsed.destination(i), mtu);
            }
            reported(batch, i);
        }
        return DropReason.TOO_BIG;
    }

    /** Tells the sender that its packet's life ended here. */
    DropReason expired(FrameBatch batch, ParsedBatch parsed, int i) {
        int frame = batch.offset(i);
        int ipOffset = parsed.ipOffset(i);
        int end = ipOffset + parsed.ipLength(i);
        if (mayReport(frame, parsed, i, end)) {
            if (parsed.isIpv6(i)) {
                answer.timeExceeded6(memory, frame, ipOffset, end, parsed.destinationHigh(i), parsed.destinationLow(i));
            } else {
                answer.timeExceeded(memory, frame, ipOffset, end, parsed.destination(i));
            }
            reported(batch, i);
        }
        return DropReason.TTL_EXPIRED;
    }

    private boolean mayReport(int frame, ParsedBatch parsed, int i, int end) {
        boolean allowed = parsed.isIpv6(i)
                ? answer.isAllowed6(memory, frame, parsed.ipOffset(i), end)
                : answer.isAllowed(memory, frame, parsed.ipOffset(i), end);
        return allowed && limit.tryAcquire(cycle.nowNs());
    }

    private void reported(FrameBatch batch, int i) {
        batch.plain(i);
        batch.transmit(i, answer.frameOffset(), answer.frameLength());
        counters.refused();
    }

    private int refused4(int offset, ParsedBatch parsed, int i) {
        return switch (parsed.protocol(i)) {
            case Ipv4Flyweight.PROTOCOL_TCP -> refusal.reset(memory, offset, parsed, i);
            case Ipv4Flyweight.PROTOCOL_SCTP -> refusal.abort(memory, offset, parsed, i);
            default -> refusal.portUnreachable(memory, offset, parsed, i);
        };
    }

    private int refused6(int offset, ParsedBatch parsed, int i) {
        return switch (parsed.protocol(i)) {
            case Ipv4Flyweight.PROTOCOL_TCP -> refusal6.reset(memory, offset, parsed, i);
            case Ipv4Flyweight.PROTOCOL_SCTP -> refusal6.abort(memory, offset, parsed, i);
            default -> refusal6.portUnreachable(memory, offset, parsed, i);
        };
    }
}
