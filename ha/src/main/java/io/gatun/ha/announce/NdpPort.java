package io.gatun.ha.announce;

import io.gatun.ha.wire.IpAddress;
import io.gatun.ha.wire.LinkWire;
import io.gatun.ha.wire.NdpFlyweight;
import io.gatun.ha.wire.NdpFrames;
import io.gatun.ha.wire.SolicitedNode;
import org.agrona.collections.Object2IntCounterMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Neighbour discovery on an interface, and the groups on which VIPs are asked for. */
final class NdpPort extends AnnouncerPort {
    /** A solicitation has 86 bytes, and some hundred more with the options of RFC 3971. */
    private static final int BUFFER_BYTES = 2048;

    private static final Logger LOG = LoggerFactory.getLogger(NdpPort.class);

    private final VipTable vips;
    private final NdpResponder responder;
    private final NdpFrames frames = new NdpFrames();
    private final NdpFlyweight frame = new NdpFlyweight();
    private final Object2IntCounterMap<IpAddress> vipsOfGroups = new Object2IntCounterMap<>(0);

    NdpPort(AnnouncerInterface link, LinkWire wire, AnnouncerCounters counters, VipTable vips, NdpResponder responder) {
        super(link, wire, counters, PortCounters.NDP, BUFFER_BYTES);
        this.vips = vips;
        this.responder = responder;
        frame.wrap(received(), 0);
    }

    @Override
    boolean speaksFor(IpAddress vip) {
        return !vip.isIpv4();
    }

    @Override
    Verdict judge(int lengthBytes) {
        return responder.judge(frame, lengthBytes);
    }

    @Override
    void answer() {
        frames.answer(sent(), frame, link().mac().bits());
        send(NdpFlyweight.LENGTH_BYTES);
    }

    /** A probe and an advertisement name the VIP as their target, any other claim as its source. */
    @Override
    Vip claimed() {
        return frame.type() == NdpFlyweight.ADVERTISEMENT || frame.isFromNobody()
                ? vips.find(frame.targetHigh(), frame.targetLow())
                : vips.find(frame.sourceHigh(), frame.sourceLow());
    }

    @Override
    long claimantMac() {
        return frame.senderMac();
    }

    @Override
    void announce(IpAddress vip) {
        frames.unsolicited(sent(), vip.high(), vip.low(), link().mac().bits());
        sendAnnouncement(NdpFlyweight.LENGTH_BYTES);
    }

    @Override
    void onAdded(IpAddress vip) {
        IpAddress group = SolicitedNode.group(vip);
        if (vipsOfGroups.incrementAndGet(group) == 1) {
            int result = wire().join(group);
            if (result < 0) {
                count(AnnouncerCounter.NDP_JOIN_FAILED);
                LOG.warn(
                        "interface={} does not join group={} of vip={} (errno {}): questions for this VIP may not"
                                + " arrive there",
                        link().name(),
                        group,
                        vip,
                        -result);
            }
        }
    }

    @Override
    void onRemoved(IpAddress vip) {
        IpAddress group = SolicitedNode.group(vip);
        if (vipsOfGroups.decrementAndGet(group) == 0) {
            wire().leave(group);
        }
    }
}
