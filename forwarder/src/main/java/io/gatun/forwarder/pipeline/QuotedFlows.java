package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.nat.IcmpErrors;
import io.gatun.forwarder.nat.QuotedPacket;
import io.gatun.forwarder.packet.IcmpFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * ICMP errors about packets that we sent on: they go to whoever sent the packet to us, about the packet as it was then.
 * The answer to the quoted packet would have belonged to a direction of a flow, and that direction's rewrite says who.
 */
final class QuotedFlows {
    private static final int UNREACHABLE = 3;
    private static final int FRAGMENTATION_NEEDED = 4;
    private static final int UNREACHABLE6 = 1;

    private final UnsafeBuffer memory;
    private final FlowTable flows;
    private final NextHops nextHops;
    private final Answers answers;
    private final FlowForwarder forwarder;
    private final TranslatingForwarder translating;
    private final DirectForwarder direct;
    private final IcmpErrors errors = new IcmpErrors();
    private final FlowSlot flow = new FlowSlot();

    QuotedFlows(
            UnsafeBuffer memory,
            FlowTable flows,
            NextHops nextHops,
            Answers answers,
            FlowForwarder forwarder,
            TranslatingForwarder translating,
            DirectForwarder direct) {
        this.memory = memory;
        this.flows = flows;
        this.nextHops = nextHops;
        this.answers = answers;
        this.forwarder = forwarder;
        this.translating = translating;
        this.direct = direct;
    }

    DropReason forward(FrameBatch batch, ParsedBatch parsed, int i) {
        int icmpOffset = parsed.transportOffset(i);
        int end = icmpOffset + parsed.transportLength(i);
        QuotedPacket quote = errors.quoted(memory, icmpOffset + IcmpFlyweight.LENGTH, end);
        long slot = quote == null || quote.isIpv6() != parsed.isIpv6(i) ? FlowTable.NOT_FOUND : find(quote);
        if (slot < 0) {
            return answers.owns(parsed, i) ? DropReason.ICMP_NO_FLOW : forwarder.passThrough(batch, parsed, i);
        }
        if (parsed.ttl(i) <= 1) {
            return DropReason.TTL_EXPIRED;
        }
        flows.wrap(flow, slot);
        if (isUnreachable(parsed.isIpv6(i), icmpOffset)) {
            forwarder.noteUnreachable(flow);
        }
        int flags = flow.flags();
        if ((flags & FlowSlot.FLAG_TRANSLATED) != 0) {
            return translating.error(batch, parsed, i, flow, slot, quote);
        }
        if ((flags & (FlowSlot.FLAG_DIRECT | FlowSlot.FLAG_TUNNEL)) != 0) {
            return direct.forward(batch, parsed, i, flow); // the endpoint has the VIP, and has sent what is quoted
        }
        return parsed.isIpv6(i)
                ? rewrite6(batch, parsed, i, icmpOffset, end)
                : rewrite(batch, parsed, i, icmpOffset, end);
    }

    /**
     * From the client's side about a packet of the endpoint, or the other way round; in both the new destination of the
     * direction is who sent the quoted packet to us.
     */
    private DropReason rewrite(FrameBatch batch, ParsedBatch parsed, int i, int icmpOffset, int end) {
        int newSource = flow.newSource();
        int newDestination = flow.newDestination();
        boolean done = errors.rewrite(
                memory,
                parsed.ipOffset(i),
                icmpOffset,
                end,
                newSource,
                newDestination,
                /* newQuotedSource= */ newDestination,
                /* newQuotedDestination= */ newSource,
                Integer.rotateLeft(flow.newPorts(), 16));
        return done
                ? nextHops.send(batch, i, parsed.ipOffset(i), parsed.ipLength(i), newDestination)
                : DropReason.BAD_CHECKSUM;
    }

    private DropReason rewrite6(FrameBatch batch, ParsedBatch parsed, int i, int icmpOffset, int end) {
        long sourceHigh = flow.newSourceHigh();
        long sourceLow = flow.newSourceLow();
        long high = flow.newDestinationHigh();
        long low = flow.newDestinationLow();
        boolean done = errors.rewrite6(
                memory,
                parsed.ipOffset(i),
                icmpOffset,
                end,
                sourceHigh,
                sourceLow,
                high,
                low,
                /* newQuotedSourceHigh= */ high,
                low,
                /* newQuotedDestinationHigh= */ sourceHigh,
                sourceLow,
                Integer.rotateLeft(flow.newPorts(), 16));
        return done
                ? nextHops.send6(batch, i, parsed.ipOffset(i), parsed.ipLength(i), high, low)
                : DropReason.BAD_CHECKSUM;
    }

    /** Destination unreachable (RFC 792, RFC 4443 section 3.1), but not because of the packet's size. */
    private boolean isUnreachable(boolean ipv6, int icmpOffset) {
        int type = memory.getByte(icmpOffset);
        return ipv6
                ? type == UNREACHABLE6
                : type == UNREACHABLE && memory.getByte(icmpOffset + 1) != FRAGMENTATION_NEEDED;
    }

    /** The direction to which an answer to the quoted packet would belong. */
    private long find(QuotedPacket quote) {
        int ports = Integer.rotateLeft(quote.ports(), 16);
        int protocol = quote.protocol();
        if (quote.isIpv6()) {
            int hash = FlowTable.hash6(
                    /* srcHigh= */ quote.destinationHigh(),
                    /* srcLow= */ quote.destinationLow(),
                    /* dstHigh= */ quote.sourceHigh(),
                    /* dstLow= */ quote.sourceLow(),
                    ports,
                    protocol);
            return flows.find6(
                    /* srcHigh= */ quote.destinationHigh(),
                    /* srcLow= */ quote.destinationLow(),
                    /* dstHigh= */ quote.sourceHigh(),
                    /* dstLow= */ quote.sourceLow(),
                    ports,
                    protocol,
                    hash);
        }
        int hash =
                FlowTable.hash(/* source= */ quote.destination(), /* destination= */ quote.source(), ports, protocol);
        return flows.find(/* source= */ quote.destination(), /* destination= */ quote.source(), ports, protocol, hash);
    }
}
