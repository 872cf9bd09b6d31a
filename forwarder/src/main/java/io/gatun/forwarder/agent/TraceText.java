package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.Explanation;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.pipeline.PublishedTables;
import io.gatun.forwarder.pipeline.Service;
import io.gatun.forwarder.pipeline.TraceRecord;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** Says of a traced packet, from how it came and how it left, what the pipeline did with it. One trace, one thread. */
final class TraceText {
    private static final DropReason[] REASONS = DropReason.values();
    private static final long UNRESOLVED = 0xFFFF_FFFF_FFFFL;

    private final PublishedTables published;
    private final IntFunction<Optional<String>> rules;
    private final Map<Integer, String> known = new HashMap<>();

    /**
     * For one trace.
     *
     * @param rules key and name of a rule by the id of its service
     */
    TraceText(PublishedTables published, IntFunction<Optional<String>> rules) {
        this.published = published;
        this.rules = rules;
    }

    Explanation explain(TraceRecord record) {
        List<Explanation.Step> steps = new ArrayList<>();
        FrameEnds before = FrameEnds.of(record.before());
        FrameEnds after = record.lengthAfter() > 0 ? FrameEnds.of(record.after()) : null;
        boolean dropped = record.reason() != TraceRecord.NO_REASON;
        boolean answered = after != null && !dropped && after.answers(before);
        step(
                steps,
                "steering",
                "ours, came in as " + before.text() + (before.laterFragment() ? ", a later fragment" : ""));
        Service service = find(before.destination(), before.destinationPort(), before.protocol());
        Service replied = service == null && after != null && !dropped && !answered
                ? find(after.source(), after.sourcePort(), after.protocol())
                : null;
        rule(steps, service, replied);
        step(steps, "flow", flow(record, before, answered, dropped));
        if (dropped) {
            String label = REASONS[record.reason()].label();
            step(steps, "drop", label + (after == null ? "" : ", its sender is told: " + after.text()));
            return new Explanation(steps, "drop", label);
        }
        if (answered) {
            step(steps, "rewrite", "answered by this node itself: " + after.text());
            return new Explanation(steps, "answer", "");
        }
        if (after != null) {
            departure(steps, before, after, service, replied);
        }
        return new Explanation(steps, "forward", "");
    }

    private void rule(List<Explanation.Step> steps, Service service, Service replied) {
        if (service != null) {
            step(steps, "rule", text(service));
        } else if (replied != null) {
            step(steps, "rule", text(replied) + ", from its endpoint");
        } else {
            step(steps, "rule", "no rule has this destination");
        }
    }

    private static String flow(TraceRecord record, FrameEnds before, boolean answered, boolean dropped) {
        if (before.laterFragment()) {
            return "that of the first fragment of its datagram";
        }
        if (record.flow() == TraceRecord.KNOWN_FLOW) {
            return "known";
        }
        boolean icmp =
                before.protocol() == Ipv4Flyweight.PROTOCOL_ICMP || before.protocol() == Ipv4Flyweight.PROTOCOL_ICMPV6;
        if (icmp && !answered && !dropped) {
            return "that of its identifier, or of the packet that it quotes";
        }
        return answered || dropped ? "none" : "opened by this packet or by one just before it";
    }

    private static void departure(
            List<Explanation.Step> steps, FrameEnds before, FrameEnds after, Service service, Service replied) {
        boolean untouched = after.mac() == before.mac(); // our own: the frame itself has not left
        if (untouched) {
            step(
                    steps,
                    "rewrite",
                    before.laterFragment()
                            ? "none yet, it waits for the first fragment of its datagram"
                            : "cut into segments, each of which left in a frame of its own");
            return;
        }
        if (service != null && !after.sameEnds(before)) {
            step(steps, "endpoint", FrameEnds.end(after.destination(), after.isTunnel() ? 0 : after.destinationPort()));
        } else if (replied != null) {
            step(steps, "endpoint", FrameEnds.end(before.source(), before.sourcePort()));
        }
        step(steps, "rewrite", rewrite(before, after));
        step(steps, "next-hop", nextHop(after.mac()));
    }

    private static String rewrite(FrameEnds before, FrameEnds after) {
        if (after.isTunnel()) {
            return "none, but an outer header " + after.text();
        }
        if (after.sameEnds(before)) {
            return "none but the MAC";
        }
        boolean translated = !SnatPolicy.sameFamily(before.source(), after.source());
        return (translated ? "NAT64, " : "") + after.text();
    }

    private static String nextHop(long mac) {
        if (mac == LocalPair.HOST_MAC) {
            return "this node, which takes it out of " + LocalPair.HOST_SIDE;
        }
        return mac == UNRESOLVED ? "its MAC is not known yet, the packet waits for it" : "MAC " + MacText.of(mac);
    }

    /** Of ICMP the port is 0. */
    private Service find(InetAddress address, int port, int protocol) {
        return published.current().services().find(Addresses.high(address), Addresses.low(address), port, protocol);
    }

    private String text(Service service) {
        return known.computeIfAbsent(service.id(), id -> rules.apply(id).orElse("a rule that is gone by now"));
    }

    private static void step(List<Explanation.Step> steps, String stage, String text) {
        steps.add(new Explanation.Step(stage, text));
    }
}
