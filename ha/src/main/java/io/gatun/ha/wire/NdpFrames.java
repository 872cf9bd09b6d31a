package io.gatun.ha.wire;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes the advertisements and solicitations that Gatun sends, each {@link NdpFlyweight#LENGTH_BYTES} long from offset 0. Advertisements override
 * what caches hold; their router flag is clear, because a VIP routes nothing.
 */
public final class NdpFrames {
    /** ff02::1, everyone on the link. */
    private static final IpAddress ALL_NODES = new IpAddress(0xff02_0000_0000_0000L, 1);

    private final NdpFlyweight frame = new NdpFlyweight();

    /**
     * The answer to a solicitation (RFC 4861 section 7.2.4): to the asker alone, or to everyone without the solicited
     * flag when it has no address yet.
     *
     * @param solicitation the valid one being answered, in a buffer other than {@code buffer}
     * @param mac of the interface that it came in on
     */
    public void answer(UnsafeBuffer buffer, NdpFlyweight solicitation, long mac) {
        long high = solicitation.targetHigh();
        long low = solicitation.targetLow();
        if (solicitation.isFromNobody()) {
            unsolicited(buffer, high, low, mac);
            return;
        }
        begin(buffer, solicitation.senderMac(), high, low, mac)
                .destinationIp(solicitation.sourceHigh(), solicitation.sourceLow())
                .advertise(NdpFlyweight.SOLICITED | NdpFlyweight.OVERRIDE, mac)
                .writeChecksum();
    }

    /** Tells everyone where the VIP is now (RFC 4861 section 7.2.6). */
    public void unsolicited(UnsafeBuffer buffer, long high, long low, long mac) {
        begin(buffer, MacAddress.ofGroup(ALL_NODES), high, low, mac)
                .destinationIp(ALL_NODES.high(), ALL_NODES.low())
                .advertise(NdpFlyweight.OVERRIDE, mac)
                .writeChecksum();
    }

    /** Asks who has an address (RFC 4861 section 7.2.2); the source is one of this node. */
    public void solicitation(UnsafeBuffer buffer, IpAddress target, IpAddress source, long mac) {
        IpAddress group = SolicitedNode.group(target);
        begin(buffer, MacAddress.ofGroup(group), target.high(), target.low(), mac)
                .sourceIp(source.high(), source.low())
                .destinationIp(group.high(), group.low())
                .solicit(mac)
                .writeChecksum();
    }

    private NdpFlyweight begin(UnsafeBuffer buffer, long destination, long high, long low, long mac) {
        return frame.wrap(buffer, 0)
                .fillConstants()
                .destination(destination)
                .source(mac)
                .sourceIp(high, low)
                .target(high, low);
    }
}
