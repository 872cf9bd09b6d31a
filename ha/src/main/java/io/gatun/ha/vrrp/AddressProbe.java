package io.gatun.ha.vrrp;

import io.gatun.ha.wire.ArpFlyweight;
import io.gatun.ha.wire.ArpFrames;
import io.gatun.ha.wire.ArpValidity;
import io.gatun.ha.wire.IpAddress;
import io.gatun.ha.wire.LinkWire;
import io.gatun.ha.wire.NdpFlyweight;
import io.gatun.ha.wire.NdpFrames;
import io.gatun.ha.wire.NdpValidity;
import io.gatun.ha.wire.Pollable;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Asks the network who has an address, by ARP or by neighbour solicitation, and takes the answers of other nodes.
 * Allocates nothing; one thread at a time.
 */
final class AddressProbe implements Pollable, AutoCloseable {
    private static final int FRAME_BYTES = 2048;

    private final LinkWire wire;
    private final IpAddress source;
    private final long mac;
    private final UnsafeBuffer sent = new UnsafeBuffer(ByteBuffer.allocateDirect(NdpFlyweight.LENGTH_BYTES));
    private final UnsafeBuffer received = new UnsafeBuffer(ByteBuffer.allocateDirect(FRAME_BYTES));
    private final ArpFrames arpFrames = new ArpFrames();
    private final NdpFrames ndpFrames = new NdpFrames();
    private final ArpFlyweight arp = new ArpFlyweight();
    private final NdpFlyweight ndp = new NdpFlyweight();
    private long answeredHigh;
    private long answeredLow;
    private long answeredMac;

    /**
     * @param wire shows answers; owned from here on
     * @param source an address of this node, which settles the family
     * @param mac of the interface
     */
    AddressProbe(LinkWire wire, IpAddress source, long mac) {
        this.wire = wire;
        this.source = source;
        this.mac = mac;
    }

    /**
     * Sends the question, once.
     *
     * @param claimed whether the address may become ours: then nobody's cache shall learn from the question
     */
    void ask(IpAddress address, boolean claimed) {
        if (address.isIpv4()) {
            arpFrames.request(sent, address.ipv4(), claimed ? 0 : source.ipv4(), mac);
            wire.send(sent, ArpFlyweight.LENGTH_BYTES);
        } else {
            ndpFrames.solicitation(sent, address, source, mac);
            wire.send(sent, NdpFlyweight.LENGTH_BYTES);
        }
    }

    /** Takes the next frame. @return whether there was one; when it is no answer of another node, no address is answered */
    boolean receive() {
        int lengthBytes = Math.min(wire.receive(received), received.capacity());
        if (lengthBytes <= 0) {
            return false;
        }
        answeredHigh = 0;
        answeredLow = 0;
        if (source.isIpv4()) {
            readArp(lengthBytes);
        } else {
            readNdp(lengthBytes);
        }
        return true;
    }

    private void readArp(int lengthBytes) {
        arp.wrap(received, 0);
        if (arp.validate(lengthBytes) == ArpValidity.VALID
                && arp.operation() == ArpFlyweight.REPLY
                && arp.senderMac() != mac) {
            answeredLow = IpAddress.lowOfIpv4(arp.senderIp());
            answeredMac = arp.senderMac();
        }
    }

    private void readNdp(int lengthBytes) {
        ndp.wrap(received, 0);
        if (ndp.validate(lengthBytes) == NdpValidity.VALID
                && ndp.type() == NdpFlyweight.ADVERTISEMENT
                && ndp.senderMac() != mac) {
            answeredHigh = ndp.targetHigh();
            answeredLow = ndp.targetLow();
            answeredMac = ndp.senderMac();
        }
    }

    /** Whether the frame taken last says that another node has this address. */
    boolean answers(IpAddress address) {
        return address.high() == answeredHigh && address.low() == answeredLow;
    }

    /** Where the frame taken last says so. */
    long answeredMac() {
        return answeredMac;
    }

    @Override
    public int descriptor() {
        return wire.descriptor();
    }

    @Override
    public void close() {
        wire.close();
    }
}
