package io.gatun.ha.announce;

import io.gatun.ha.wire.ArpFlyweight;
import io.gatun.ha.wire.ArpValidity;
import io.gatun.ha.wire.MacAddress;
import java.util.Collection;
import org.agrona.collections.LongHashSet;

/** Decides what an ARP frame deserves, knowing VIPs and our own MACs and nothing else. */
public final class ArpResponder {
    private final VipTable vips;
    private final LongHashSet ownMacs = new LongHashSet();

    /**
     * @param vips whose VIPs are looked up at each frame
     * @param ownMacs as for {@link #ownMacs}
     */
    public ArpResponder(VipTable vips, Collection<MacAddress> ownMacs) {
        this.vips = vips;
        ownMacs(ownMacs);
    }

    /** @param macs of all interfaces of this node from now on: a frame from any of them is no conflict */
    void ownMacs(Collection<MacAddress> macs) {
        ownMacs.clear();
        macs.forEach(mac -> ownMacs.add(mac.bits()));
    }

    /**
     * The verdict on a frame as received. A conflict is reported for any operation, before anything else: a claimant's
     * announcement has the form of a request for the VIP, and must not be answered as one (RFC 5227 section 2.4).
     */
    public ArpVerdict judge(ArpFlyweight frame, int lengthBytes) {
        ArpValidity validity = frame.validate(lengthBytes);
        if (validity != ArpValidity.VALID) {
            return validity == ArpValidity.NOT_ARP ? ArpVerdict.NOT_ARP : ArpVerdict.MALFORMED;
        }
        if (ownMacs.contains(frame.senderMac())) {
            return ArpVerdict.OWN_FRAME;
        }
        Vip claimed = vips.findIpv4(frame.senderIp());
        if (claimed != null && claimed.isMaster()) {
            return ArpVerdict.CONFLICT;
        }
        return frame.operation() == ArpFlyweight.REQUEST ? judgeRequest(frame) : ArpVerdict.NOT_A_REQUEST;
    }

    /** A probe (sender 0.0.0.0) is a request like any other: the answer keeps the prober off the VIP. */
    private ArpVerdict judgeRequest(ArpFlyweight request) {
        Vip asked = vips.findIpv4(request.targetIp());
        if (asked == null) {
            return ArpVerdict.NOT_OURS;
        }
        if (!asked.isMaster()) {
            return ArpVerdict.NOT_MASTER;
        }
        boolean reachesUs = MacAddress.isGroup(request.destination()) || ownMacs.contains(request.destination());
        return reachesUs ? ArpVerdict.ANSWER : ArpVerdict.SENT_TO_ANOTHER;
    }
}
