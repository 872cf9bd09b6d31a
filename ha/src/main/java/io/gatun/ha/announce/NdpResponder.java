package io.gatun.ha.announce;

import io.gatun.ha.wire.MacAddress;
import io.gatun.ha.wire.NdpFlyweight;
import io.gatun.ha.wire.NdpValidity;
import java.util.Collection;
import org.agrona.collections.LongHashSet;

/** Decides what a neighbour discovery frame deserves, knowing VIPs and our own MACs and nothing else. */
public final class NdpResponder {
    private final VipTable vips;
    private final LongHashSet ownMacs = new LongHashSet();

    /**
     * @param vips whose VIPs are looked up at each frame
     * @param ownMacs as for {@link #ownMacs}
     */
    public NdpResponder(VipTable vips, Collection<MacAddress> ownMacs) {
        this.vips = vips;
        ownMacs(ownMacs);
    }

    /** @param macs of all interfaces of this node from now on: a frame from any of them is no conflict */
    void ownMacs(Collection<MacAddress> macs) {
        ownMacs.clear();
        macs.forEach(mac -> ownMacs.add(mac.bits()));
    }

    /**
     * The verdict on a frame as received. A conflict is reported before anything else: an advertisement of a VIP of
     * ours, or a solicitation of whatever target that is sent from one.
     */
    public NdpVerdict judge(NdpFlyweight frame, int lengthBytes) {
        NdpValidity validity = frame.validate(lengthBytes);
        if (validity != NdpValidity.VALID) {
            return NdpVerdict.of(validity);
        }
        if (ownMacs.contains(frame.senderMac())) {
            return NdpVerdict.OWN_FRAME;
        }
        Vip claimed = claimed(frame);
        if (claimed != null && claimed.isMaster()) {
            return NdpVerdict.CONFLICT;
        }
        return frame.type() == NdpFlyweight.SOLICITATION ? judgeSolicitation(frame) : NdpVerdict.NOT_A_SOLICITATION;
    }

    /** The VIP that the sender of a valid frame says is its own, or null. */
    private Vip claimed(NdpFlyweight frame) {
        return frame.type() == NdpFlyweight.SOLICITATION
                ? vips.find(frame.sourceHigh(), frame.sourceLow())
                : vips.find(frame.targetHigh(), frame.targetLow());
    }

    private NdpVerdict judgeSolicitation(NdpFlyweight solicitation) {
        Vip asked = vips.find(solicitation.targetHigh(), solicitation.targetLow());
        if (asked == null) {
            return NdpVerdict.NOT_OURS;
        }
        if (!asked.isMaster()) {
            return NdpVerdict.NOT_MASTER;
        }
        if (!MacAddress.isGroup(solicitation.destination()) && !ownMacs.contains(solicitation.destination())) {
            return NdpVerdict.SENT_TO_ANOTHER;
        }
        return solicitation.isFromNobody() ? NdpVerdict.PROBE : NdpVerdict.ANSWER;
    }
}
