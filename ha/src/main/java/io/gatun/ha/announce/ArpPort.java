package io.gatun.ha.announce;

import io.gatun.ha.wire.ArpFlyweight;
import io.gatun.ha.wire.ArpFrames;
import io.gatun.ha.wire.IpAddress;
import io.gatun.ha.wire.LinkWire;

/** ARP on an interface: both forms of the announcement, because some switches and hosts honour only one. */
final class ArpPort extends AnnouncerPort {
    /** ARP needs 42 bytes and Ethernet pads to 60. */
    private static final int BUFFER_BYTES = 128;

    private final VipTable vips;
    private final ArpResponder responder;
    private final ArpFrames frames = new ArpFrames();
    private final ArpFlyweight frame = new ArpFlyweight();

    ArpPort(AnnouncerInterface link, LinkWire wire, AnnouncerCounters counters, VipTable vips, ArpResponder responder) {
        super(link, wire, counters, PortCounters.ARP, BUFFER_BYTES);
        this.vips = vips;
        this.responder = responder;
        frame.wrap(received(), 0);
    }

    @Override
    boolean speaksFor(IpAddress vip) {
        return vip.isIpv4();
    }

    @Override
    Verdict judge(int lengthBytes) {
        return responder.judge(frame, lengthBytes);
    }

    @Override
    void answer() {
        frames.reply(sent(), frame, link().mac().bits());
        send(ArpFlyweight.LENGTH_BYTES);
    }

    @Override
    Vip claimed() {
        return vips.findIpv4(frame.senderIp());
    }

    @Override
    long claimantMac() {
        return frame.senderMac();
    }

    @Override
    void announce(IpAddress vip) {
        frames.gratuitousRequest(sent(), vip.ipv4(), link().mac().bits());
        sendAnnouncement(ArpFlyweight.LENGTH_BYTES);
        frames.gratuitousReply(sent(), vip.ipv4(), link().mac().bits());
        sendAnnouncement(ArpFlyweight.LENGTH_BYTES);
    }
}
