package io.gatun.ha.vrrp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.ha.wire.ArpFlyweight;
import io.gatun.ha.wire.ArpFrames;
import io.gatun.ha.wire.ArpValidity;
import io.gatun.ha.wire.IpAddress;
import io.gatun.ha.wire.LinkWire;
import io.gatun.ha.wire.MacAddress;
import io.gatun.ha.wire.NdpFlyweight;
import io.gatun.ha.wire.NdpFrames;
import io.gatun.ha.wire.NdpValidity;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class AddressProbeTest {
    private static final long OURS = 0x0200_0000_0001L;
    private static final long THEIRS = 0x0200_0000_0002L;
    private static final IpAddress NODE = IpAddress.ofIpv4(0xc0a8_5005);
    private static final IpAddress VIP = IpAddress.ofIpv4(0xc0a8_50c8);
    private static final IpAddress NODE6 = new IpAddress(0xfe80_0000_0000_0000L, 5);
    private static final IpAddress VIP6 = new IpAddress(0x2001_0db8_0080_0000L, 0xc8);

    private final OneWire wire = new OneWire();
    private final UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect(128));

    @Test
    void anAddressThatMayBecomeOursIsAskedForByNobody() {
        AddressProbe probe = new AddressProbe(wire, NODE, OURS);
        probe.ask(VIP, true);
        ArpFlyweight asked = new ArpFlyweight().wrap(wire.sent, 0);
        assertEquals(ArpValidity.VALID, asked.validate(wire.sentBytes));
        assertEquals(ArpFlyweight.REQUEST, asked.operation());
        assertEquals(MacAddress.BROADCAST, asked.destination());
        assertEquals(OURS, asked.senderMac());
        assertEquals(0, asked.senderIp());
        assertEquals(VIP.ipv4(), asked.targetIp());

        probe.ask(VIP, false);
        assertEquals(NODE.ipv4(), asked.senderIp());
    }

    @Test
    void ofIpv6TheNodeAsksTheGroupOfTheAddress() {
        AddressProbe probe = new AddressProbe(wire, NODE6, OURS);
        probe.ask(VIP6, true);
        NdpFlyweight asked = new NdpFlyweight().wrap(wire.sent, 0);
        assertEquals(NdpValidity.VALID, asked.validate(wire.sentBytes));
        assertEquals(NdpFlyweight.SOLICITATION, asked.type());
        assertEquals(0x3333_ff00_00c8L, asked.destination());
        assertEquals(NODE6, new IpAddress(asked.sourceHigh(), asked.sourceLow()));
        assertEquals(VIP6, new IpAddress(asked.targetHigh(), asked.targetLow()));
        assertEquals(OURS, asked.senderMac());
    }

    @Test
    void onlyAnAnswerFromAnotherMacCounts() {
        AddressProbe probe = new AddressProbe(wire, NODE, OURS);
        assertFalse(probe.receive());
        new ArpFrames().gratuitousReply(frame, VIP.ipv4(), OURS);
        wire.arrive(frame, ArpFlyweight.LENGTH_BYTES);
        new ArpFrames().gratuitousReply(frame, VIP.ipv4(), THEIRS);
        wire.arrive(frame, ArpFlyweight.LENGTH_BYTES);
        wire.arrive(frame, 20);
        assertTrue(probe.receive());
        assertFalse(probe.answers(VIP), "it is our own");
        assertTrue(probe.receive());
        assertTrue(probe.answers(VIP));
        assertFalse(probe.answers(NODE));
        assertEquals(THEIRS, probe.answeredMac());
        assertTrue(probe.receive());
        assertFalse(probe.answers(VIP), "it is cut off");
    }

    @Test
    void anAdvertisementIsAnAnswer() {
        AddressProbe probe = new AddressProbe(wire, NODE6, OURS);
        new NdpFrames().unsolicited(frame, VIP6.high(), VIP6.low(), OURS);
        wire.arrive(frame, NdpFlyweight.LENGTH_BYTES);
        new NdpFrames().unsolicited(frame, VIP6.high(), VIP6.low(), THEIRS);
        wire.arrive(frame, NdpFlyweight.LENGTH_BYTES);
        assertTrue(probe.receive());
        assertFalse(probe.answers(VIP6));
        assertTrue(probe.receive());
        assertTrue(probe.answers(VIP6));
        assertEquals(THEIRS, probe.answeredMac());
    }

    /** Keeps the frame that was sent last. */
    private static final class OneWire implements LinkWire {
        private final Queue<byte[]> inbound = new ArrayDeque<>();
        private final UnsafeBuffer sent = new UnsafeBuffer(ByteBuffer.allocateDirect(128));
        private int sentBytes;

        void arrive(UnsafeBuffer frame, int lengthBytes) {
            byte[] bytes = new byte[lengthBytes];
            frame.getBytes(0, bytes);
            inbound.add(bytes);
        }

        @Override
        public int receive(UnsafeBuffer buffer) {
            byte[] bytes = inbound.poll();
            if (bytes == null) {
                return 0;
            }
            buffer.putBytes(0, bytes);
            return bytes.length;
        }

        @Override
        public int send(UnsafeBuffer buffer, int lengthBytes) {
            sent.putBytes(0, buffer, 0, lengthBytes);
            sentBytes = lengthBytes;
            return lengthBytes;
        }

        @Override
        public int join(IpAddress group) {
            return 0;
        }

        @Override
        public int leave(IpAddress group) {
            return 0;
        }

        @Override
        public int descriptor() {
            return -1;
        }

        @Override
        public void close() {}
    }
}
