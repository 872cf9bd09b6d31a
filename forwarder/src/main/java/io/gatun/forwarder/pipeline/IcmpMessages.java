package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.packet.IcmpFlyweight;
import io.gatun.forwarder.packet.Icmpv6;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import org.agrona.concurrent.UnsafeBuffer;

/** ICMP and ICMPv6: echo as a transport of its own or answered here, errors to whom they concern. */
final class IcmpMessages {
    private final UnsafeBuffer memory;
    private final FlowTable flows;
    private final Cycle cycle;
    private final FlowOpener opener;
    private final FlowForwarder forwarder;
    private final Answers answers;
    private final Fragments fragments;
    private final QuotedFlows quoted;
    private final IcmpFlyweight icmp = new IcmpFlyweight();

    IcmpMessages(
            UnsafeBuffer memory,
            FlowTable flows,
            Cycle cycle,
            FlowOpener opener,
            FlowForwarder forwarder,
            Answers answers,
            Fragments fragments,
            QuotedFlows quoted) {
        this.memory = memory;
        this.flows = flows;
        this.cycle = cycle;
        this.opener = opener;
        this.forwarder = forwarder;
        this.answers = answers;
        this.fragments = fragments;
        this.quoted = quoted;
    }

    DropReason decide(FrameBatch batch, ParsedBatch parsed, int i) {
        int type = icmp.wrap(memory, parsed.transportOffset(i)).type();
        boolean ipv6 = parsed.isIpv6(i);
        if (ipv6 ? Icmpv6.isEcho(type) : IcmpFlyweight.isEcho(type)) {
            boolean request = type == (ipv6 ? Icmpv6.ECHO_REQUEST : IcmpFlyweight.ECHO_REQUEST);
            return echo(batch, parsed, i, request);
        }
        if (ipv6 ? Icmpv6.isError(type) : isForwardable(type)) {
            return parsed.isFragment(i) ? DropReason.FRAGMENT : quoted.forward(batch, parsed, i);
        }
        return DropReason.ICMP_UNSUPPORTED;
    }

    private DropReason echo(FrameBatch batch, ParsedBatch parsed, int i, boolean request) {
        long slot = find(parsed, i);
        if (slot >= 0) {
            return forward(batch, parsed, i, slot);
        }
        if (request) {
            Service service = parsed.isIpv6(i)
                    ? cycle.services()
                            .find(parsed.destinationHigh(i), parsed.destinationLow(i), 0, Ipv4Flyweight.PROTOCOL_ICMPV6)
                    : cycle.services().find(parsed.destination(i), 0, Ipv4Flyweight.PROTOCOL_ICMP);
            if (service != null) {
                return first(batch, parsed, i, service);
            }
        }
        if (!answers.owns(parsed, i)) {
            return forwarder.passThrough(batch, parsed, i);
        }
        if (!answers.answersFor(parsed, i)) {
            return DropReason.NOT_MASTER;
        }
        if (!request) {
            return DropReason.ICMP_NO_FLOW;
        }
        if (parsed.isFragment(i) && !fragments.noteEcho(parsed, i)) {
            return DropReason.FRAGMENT;
        }
        answers.echo(batch, parsed, i);
        return null;
    }

    private DropReason first(FrameBatch batch, ParsedBatch parsed, int i, Service service) {
        if (!service.admitsNewFlows()) {
            return DropReason.NOT_MASTER;
        }
        long opened = opener.open(parsed, i, service);
        return opened < 0 ? FlowOpener.reason(opened) : forward(batch, parsed, i, opened);
    }

    private DropReason forward(FrameBatch batch, ParsedBatch parsed, int i, long slot) {
        return parsed.isIpv6(i)
                ? forwarder.forward6(batch, parsed, i, slot)
                : forwarder.forward(batch, parsed, i, slot);
    }

    /** Echo is rare, so that it is looked up here and not with the batch. */
    private long find(ParsedBatch parsed, int i) {
        if (parsed.isIpv6(i)) {
            int hash = FlowTable.hash6(
                    parsed.sourceHigh(i),
                    parsed.sourceLow(i),
                    parsed.destinationHigh(i),
                    parsed.destinationLow(i),
                    parsed.ports(i),
                    parsed.protocol(i));
            parsed.hash(i, hash);
            return flows.find6(
                    parsed.sourceHigh(i),
                    parsed.sourceLow(i),
                    parsed.destinationHigh(i),
                    parsed.destinationLow(i),
                    parsed.ports(i),
                    parsed.protocol(i),
                    hash);
        }
        int hash = FlowTable.hash(parsed.source(i), parsed.destination(i), parsed.ports(i), parsed.protocol(i));
        parsed.hash(i, hash);
        return flows.find(parsed.source(i), parsed.destination(i), parsed.ports(i), parsed.protocol(i), hash);
    }

    /** Source quench is obsolete (RFC 6633), a redirect is between neighbours. */
    private static boolean isForwardable(int type) {
        return type == IcmpFlyweight.DESTINATION_UNREACHABLE
                || type == IcmpFlyweight.TIME_EXCEEDED
                || type == IcmpFlyweight.PARAMETER_PROBLEM;
    }
}
