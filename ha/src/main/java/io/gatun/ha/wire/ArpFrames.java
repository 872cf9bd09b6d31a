package io.gatun.ha.wire;

import org.agrona.MutableDirectBuffer;

/** Writes the ARP frames that Gatun sends, each {@link ArpFlyweight#LENGTH_BYTES} long from offset 0. */
public final class ArpFrames {
    private final ArpFlyweight frame = new ArpFlyweight();

    /**
     * The unicast answer to a request or a probe: "the address you asked for is at this MAC".
     *
     * @param request the valid request being answered, in a buffer other than {@code buffer}
     * @param mac of the interface that the request came in on
     */
    public void reply(MutableDirectBuffer buffer, ArpFlyweight request, long mac) {
        begin(buffer, request.senderMac(), mac, ArpFlyweight.REPLY)
                .senderIp(request.targetIp())
                .targetMac(request.senderMac())
                .targetIp(request.senderIp());
    }

    /** ARP announcement in request form, to everyone: sender and target address are the VIP (RFC 5227 section 2.3). */
    public void gratuitousRequest(MutableDirectBuffer buffer, int vip, long mac) {
        begin(buffer, MacAddress.BROADCAST, mac, ArpFlyweight.REQUEST)
                .senderIp(vip)
                .targetMac(0)
                .targetIp(vip);
    }

    /**
     * The same in reply form, for switches and hosts that honour just one: the target hardware address is the one that
     * caches are to be updated to (RFC 5944 section 4.6).
     */
    public void gratuitousReply(MutableDirectBuffer buffer, int vip, long mac) {
        begin(buffer, MacAddress.BROADCAST, mac, ArpFlyweight.REPLY)
                .senderIp(vip)
                .targetMac(mac)
                .targetIp(vip);
    }

    /**
     * Asks everyone who has an address.
     *
     * @param sender our own address, or 0 when the one asked for may become ours: a probe (RFC 5227 section 2.1.1)
     */
    public void request(MutableDirectBuffer buffer, int target, int sender, long mac) {
        begin(buffer, MacAddress.BROADCAST, mac, ArpFlyweight.REQUEST)
                .senderIp(sender)
                .targetMac(0)
                .targetIp(target);
    }

    private ArpFlyweight begin(MutableDirectBuffer buffer, long destination, long mac, int operation) {
        return frame.wrap(buffer, 0)
                .fillConstants()
                .destination(destination)
                .source(mac)
                .operation(operation)
                .senderMac(mac);
    }
}
