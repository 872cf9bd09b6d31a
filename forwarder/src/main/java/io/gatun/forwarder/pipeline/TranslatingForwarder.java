package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.nat.Checksums;
import io.gatun.forwarder.nat.ErrorTranslator64;
import io.gatun.forwarder.nat.QuotedPacket;
import io.gatun.forwarder.nat.Translator64;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.Ipv6Extensions;
import io.gatun.forwarder.packet.Ipv6Flyweight;
import io.gatun.forwarder.packet.TcpOptions;
import io.gatun.forwarder.packet.TransportFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

/** NAT64: packets that become packets of the other family. */
final class TranslatingForwarder {
    /** What an IPv6 header has more than an IPv4 header. */
    static final int GROWTH = Ipv6Flyweight.LENGTH - Ipv4Flyweight.LENGTH_MIN;

    private static final int MTU_MAX = 65_535;
    private static final int TCP_AND_IPV6 = Ipv6Flyweight.LENGTH + TransportFlyweight.TCP_LENGTH_MIN;

    private final UnsafeBuffer memory;
    private final FlowTable flows;
    private final NextHops nextHops;
    private final Answers answers;
    private final Translator64 translator = new Translator64();
    private final ErrorTranslator64 errors = new ErrorTranslator64();
    private final Ipv6Extensions extensions = new Ipv6Extensions();
    private final TransportFlyweight transport = new TransportFlyweight();
    private final FlowSlot client = new FlowSlot();

    TranslatingForwarder(UnsafeBuffer memory, FlowTable flows, NextHops nextHops, Answers answers) {
        this.memory = memory;
        this.flows = flows;
        this.nextHops = nextHops;
        this.answers = answers;
    }

    /** Whether a packet would be too big on the other side, or its client is gone; null when it may go. */
    DropReason refuse(FrameBatch batch, ParsedBatch parsed, int i, FlowSlot flow, long slot) {
        int largest = FlowForwarder.largest(memory, transport, batch, parsed, i);
        if (parsed.isIpv6(i)) {
            int mtu = nextHops.mtuTowards(AddressSet.MAPPED_HIGH, AddressSet.mapped(flow.newDestination()));
            return largest - GROWTH > mtu ? answers.tooBig(batch, parsed, i, mtu + GROWTH) : null;
        }
        long other = flows.partner(slot);
        if (other < 0) {
            return DropReason.TABLE_BUSY;
        }
        flows.wrap(client, other);
        int mtu = nextHops.mtuTowards(client.sourceHigh(), client.sourceLow());
        return largest + GROWTH > mtu ? answers.tooBig(batch, parsed, i, mtu - GROWTH) : null;
    }

    /** A whole packet or the first fragment of one, after {@link #refuse}. */
    DropReason forward(FrameBatch batch, ParsedBatch parsed, int i, FlowSlot flow) {
        return parsed.isIpv6(i)
                ? toIpv4(batch, parsed, i, flow.newSource(), flow.newDestination(), flow.newPorts())
                : toIpv6(batch, parsed, i, client, flow.newPorts());
    }

    /** A later fragment; its note leads to the flow, unless that has ended meanwhile. */
    DropReason laterFragment(FrameBatch batch, ParsedBatch parsed, int i, FlowSlot note) {
        if (parsed.isIpv6(i)) {
            return toIpv4(batch, parsed, i, note.newSource(), note.newDestination(), 0);
        }
        int reply = note.partner();
        if (reply < 0 || !flows.isLive(reply) || flows.wrap(client, reply).sequence() != (int) note.packets()) {
            return DropReason.FRAGMENT;
        }
        long other = flows.partner(reply);
        return other < 0 ? DropReason.FRAGMENT : toIpv6(batch, parsed, i, flows.wrap(client, other), 0);
    }

    /** An ICMP error about a packet of a translated flow, after its quote was read. */
    DropReason error(FrameBatch batch, ParsedBatch parsed, int i, FlowSlot flow, long slot, QuotedPacket quote) {
        int frame = batch.offset(i);
        int ipOffset = parsed.ipOffset(i);
        int icmpOffset = parsed.transportOffset(i);
        int end = icmpOffset + parsed.transportLength(i);
        int quotedPorts = Integer.rotateLeft(flow.newPorts(), 16);
        if (parsed.isIpv6(i)) {
            int newSource = flow.newSource();
            int newDestination = flow.newDestination();
            int mtu = nextHops.mtuTowards(AddressSet.MAPPED_HIGH, AddressSet.mapped(newDestination));
            boolean done = errors.toIpv4(
                    memory,
                    frame,
                    ipOffset,
                    icmpOffset,
                    end,
                    quote,
                    newSource,
                    newDestination,
                    /* newQuotedSource= */ newDestination,
                    /* newQuotedDestination= */ newSource,
                    quotedPorts,
                    Math.min(mtu, MTU_MAX));
            if (!done) {
                return DropReason.UNTRANSLATABLE;
            }
            int newIp = errors.frameOffset() + ipOffset - frame;
            batch.moved(i, errors.frameOffset());
            return nextHops.send(batch, i, newIp, errors.end() - newIp, newDestination);
        }
        long other = flows.partner(slot);
        if (other < 0) {
            return DropReason.ICMP_NO_FLOW;
        }
        flows.wrap(client, other);
        long high = client.sourceHigh();
        long low = client.sourceLow();
        boolean done = errors.toIpv6(
                memory,
                frame,
                ipOffset,
                icmpOffset,
                end,
                quote,
                client.destinationHigh(),
                client.destinationLow(),
                high,
                low,
                /* newQuotedSourceHigh= */ high,
                low,
                /* newQuotedDestinationHigh= */ client.destinationHigh(),
                client.destinationLow(),
                quotedPorts,
                Math.min(nextHops.mtuTowards(high, low), MTU_MAX));
        if (!done) {
            return DropReason.UNTRANSLATABLE;
        }
        int newIp = errors.frameOffset() + ipOffset - frame;
        batch.moved(i, errors.frameOffset());
        return nextHops.send6(batch, i, newIp, errors.end() - newIp, high, low);
    }

    private DropReason toIpv4(
            FrameBatch batch, ParsedBatch parsed, int i, int newSource, int newDestination, int newPorts) {
        int ipOffset = parsed.ipOffset(i);
        int end = ipOffset + parsed.ipLength(i);
        extensions.walk(memory, ipOffset, end); // the parser has done so, and it was right
        int offload = batch.offload(i);
        if (parsed.protocol(i) == Ipv4Flyweight.PROTOCOL_TCP && !parsed.isFragment(i)) {
            clampMss(parsed, i, offload);
        }
        int start = translator.toIpv4(
                memory,
                batch.offset(i),
                ipOffset,
                extensions,
                end,
                FlowForwarder.checksums(offload),
                newSource,
                newDestination,
                newPorts);
        if (start == Translator64.UNTRANSLATABLE) {
            return DropReason.UNTRANSLATABLE;
        }
        int newIp = parsed.transportOffset(i) - Ipv4Flyweight.LENGTH_MIN;
        batch.moved(i, start);
        return nextHops.send(batch, i, newIp, end - newIp, newDestination);
    }

    private DropReason toIpv6(FrameBatch batch, ParsedBatch parsed, int i, FlowSlot to, int newPorts) {
        int ipOffset = parsed.ipOffset(i);
        int frame = batch.offset(i);
        int end = ipOffset + parsed.ipLength(i);
        long high = to.sourceHigh();
        long low = to.sourceLow();
        int start = translator.toIpv6(
                memory,
                frame,
                ipOffset,
                end,
                FlowForwarder.checksums(batch.offload(i)),
                to.destinationHigh(),
                to.destinationLow(),
                high,
                low,
                newPorts);
        if (start == Translator64.UNTRANSLATABLE) {
            return DropReason.UNTRANSLATABLE;
        }
        int newIp = start + ipOffset - frame;
        batch.moved(i, start);
        return nextHops.send6(batch, i, newIp, end - newIp, high, low);
    }

    /** What the endpoint sends becomes longer on its way to the client: it must still fit. */
    private void clampMss(ParsedBatch parsed, int i, int offload) {
        transport.wrap(memory, parsed.transportOffset(i), Ipv4Flyweight.PROTOCOL_TCP);
        if ((transport.tcpFlags() & TransportFlyweight.SYN) != 0) {
            int mtu = nextHops.mtuTowards(parsed.sourceHigh(i), parsed.sourceLow(i));
            if (mtu != Integer.MAX_VALUE) {
                TcpOptions.clampMss(
                        memory,
                        parsed.transportOffset(i),
                        transport.tcpHeaderLength(),
                        mtu - TCP_AND_IPV6,
                        FlowForwarder.checksums(offload) == Checksums.PARTIAL);
            }
        }
    }
}
