package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.frame.Offload;
import io.gatun.forwarder.nat.Checksums;
import io.gatun.forwarder.nat.Rewriter;
import io.gatun.forwarder.nat.Rewriter6;
import io.gatun.forwarder.nat.SegmentCutter;
import io.gatun.forwarder.nat.Tunnel;
import io.gatun.forwarder.packet.EthernetFlyweight;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.TransportFlyweight;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Direct server return: packets keep their addresses and get to an endpoint that has the VIP too, by its MAC or, where it
 * is not on the link, in a packet to its own address.
 */
final class DirectForwarder {
    /** A segment of the largest MTU there is, with room before it. */
    private static final int SCRATCH_BYTES = 1 << 16;

    private static final int HEADROOM = 128;

    /** No next header, RFC 8200 section 4.7: only the IP header is touched. */
    private static final int NO_PROTOCOL = 59;

    private final UnsafeBuffer memory;
    private final NextHops nextHops;
    private final Answers answers;
    private final Rewriter rewriter = new Rewriter();
    private final Rewriter6 rewriter6 = new Rewriter6();
    private final Tunnel tunnel = new Tunnel();
    private final SegmentCutter cutter = new SegmentCutter();
    private final TransportFlyweight transport = new TransportFlyweight();
    private final UnsafeBuffer scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(HEADROOM + SCRATCH_BYTES));

    DirectForwarder(UnsafeBuffer memory, NextHops nextHops, Answers answers) {
        this.memory = memory;
        this.nextHops = nextHops;
        this.answers = answers;
    }

    /** Whether a packet would be too big on its way; null when it may go. */
    DropReason refuse(FrameBatch batch, ParsedBatch parsed, int i, FlowSlot flow) {
        int largest = FlowForwarder.largest(memory, transport, batch, parsed, i);
        int mtu = flow.isWide()
                ? nextHops.mtuTowards(flow.newDestinationHigh(), flow.newDestinationLow())
                : nextHops.mtuTowards(AddressSet.MAPPED_HIGH, AddressSet.mapped(flow.newDestination()));
        int room = isTunnel(flow) && mtu != Integer.MAX_VALUE ? mtu - overhead(flow) : mtu;
        return largest > room ? answers.tooBig(batch, parsed, i, room) : null;
    }

    /** Any packet or fragment of a flow, after {@link #refuse}. */
    DropReason forward(FrameBatch batch, ParsedBatch parsed, int i, FlowSlot flow) {
        boolean tunneled = isTunnel(flow);
        lowerTtl(batch, parsed, i, tunneled);
        if (!tunneled) {
            return nextHops.sendVia(
                    batch,
                    i,
                    parsed.ipOffset(i),
                    parsed.ipLength(i),
                    parsed.isIpv6(i) ? EthernetFlyweight.TYPE_IPV6 : EthernetFlyweight.TYPE_IPV4,
                    flow.isWide() ? flow.newDestinationHigh() : AddressSet.MAPPED_HIGH,
                    flow.isWide() ? flow.newDestinationLow() : AddressSet.mapped(flow.newDestination()));
        }
        int segment = Offload.gsoSize(batch.offload(i));
        if (segment > 0 && isCuttable(parsed, i)) {
            return segments(batch, parsed, i, flow, segment);
        }
        batch.plain(i);
        int ipOffset = parsed.ipOffset(i) - overhead(flow);
        batch.moved(i, encapsulate(memory, batch.offset(i), parsed.ipOffset(i), flow));
        int length = parsed.ipLength(i) + overhead(flow);
        return flow.isWide()
                ? nextHops.send6(batch, i, ipOffset, length, flow.newDestinationHigh(), flow.newDestinationLow())
                : nextHops.send(batch, i, ipOffset, length, flow.newDestination());
    }

    /** No device cuts a super-frame inside a tunnel that virtio knows nothing of, so it is cut here. */
    private DropReason segments(FrameBatch batch, ParsedBatch parsed, int i, FlowSlot flow, int size) {
        int frame = batch.offset(i);
        int end = parsed.ipOffset(i) + parsed.ipLength(i);
        cutter.begin(memory, frame, parsed.ipOffset(i), parsed.protocol(i), parsed.transportOffset(i), end, size);
        if (cutter.nextLength() > SCRATCH_BYTES) {
            return DropReason.NO_ROUTE; // or it would have been too big for it
        }
        DropReason refused = null;
        while (cutter.hasNext() && refused == null) {
            int length = cutter.next(scratch, HEADROOM);
            int ipOffset = HEADROOM + parsed.ipOffset(i) - frame;
            encapsulate(scratch, HEADROOM, ipOffset, flow);
            int outer = ipOffset - overhead(flow);
            refused = flow.isWide()
                    ? nextHops.sendCopy6(
                            scratch,
                            outer,
                            HEADROOM + length - outer,
                            flow.newDestinationHigh(),
                            flow.newDestinationLow())
                    : nextHops.sendCopy(scratch, outer, HEADROOM + length - outer, flow.newDestination());
        }
        return refused;
    }

    private int encapsulate(UnsafeBuffer buffer, int frame, int ipOffset, FlowSlot flow) {
        return flow.isWide()
                ? tunnel.encapsulate6(
                        buffer,
                        frame,
                        ipOffset,
                        flow.newSourceHigh(),
                        flow.newSourceLow(),
                        flow.newDestinationHigh(),
                        flow.newDestinationLow())
                : tunnel.encapsulate(buffer, frame, ipOffset, flow.newSource(), flow.newDestination());
    }

    /** In a tunnel the checksum is completed too: nobody looks for it there. */
    private void lowerTtl(FrameBatch batch, ParsedBatch parsed, int i, boolean tunneled) {
        int offload = batch.offload(i);
        boolean cut = tunneled && Offload.gsoSize(offload) > 0 && isCuttable(parsed, i);
        int checksums = parsed.isFragment(i)
                ? Checksums.INCREMENTAL
                : tunneled && !cut ? Checksums.DETECT : FlowForwarder.checksums(offload);
        boolean later = parsed.kind(i) == ParsedBatch.LATER_FRAGMENT || parsed.kind(i) == ParsedBatch.LATER_FRAGMENT6;
        boolean icmp = parsed.kind(i) == ParsedBatch.ICMP || parsed.kind(i) == ParsedBatch.ICMP6;
        if (parsed.isIpv6(i)) {
            rewriter6.rewrite(
                    memory,
                    parsed.ipOffset(i),
                    parsed.transportOffset(i),
                    parsed.transportLength(i),
                    later || icmp ? NO_PROTOCOL : parsed.protocol(i),
                    checksums,
                    parsed.sourceHigh(i),
                    parsed.sourceLow(i),
                    parsed.destinationHigh(i),
                    parsed.destinationLow(i),
                    parsed.ports(i));
        } else if (later || icmp) {
            rewriter.rewriteFragment(
                    memory, parsed.ipOffset(i), parsed.source(i), parsed.destination(i), Rewriter.SAME_IDENTIFICATION);
        } else {
            rewriter.rewrite(
                    memory,
                    parsed.ipOffset(i),
                    parsed.transportOffset(i),
                    parsed.transportLength(i),
                    checksums,
                    parsed.source(i),
                    parsed.destination(i),
                    parsed.ports(i));
        }
    }

    /** Of a fragment nobody makes a super-frame. */
    private static boolean isCuttable(ParsedBatch parsed, int i) {
        int kind = parsed.kind(i);
        int protocol = parsed.protocol(i);
        return (kind == ParsedBatch.TUPLE || kind == ParsedBatch.TUPLE6)
                && !parsed.isFragment(i)
                && (protocol == Ipv4Flyweight.PROTOCOL_TCP || protocol == Ipv4Flyweight.PROTOCOL_UDP);
    }

    private static boolean isTunnel(FlowSlot flow) {
        return (flow.flags() & FlowSlot.FLAG_TUNNEL) != 0;
    }

    private static int overhead(FlowSlot flow) {
        return flow.isWide() ? Tunnel.OVERHEAD6 : Tunnel.OVERHEAD;
    }
}
