package io.gatun.forwarder.nat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.Packet.Sum;
import io.gatun.forwarder.packet.Packets;
import io.gatun.forwarder.packet.WireFrame;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every protocol in both families: what comes out is the packet that would have been made with the new numbers. */
class AllProtocolsTest {
    private static final String[] V4 = {"10.1.2.3", "192.168.80.200", "192.168.80.200", "192.168.80.101"};
    private static final String[] V6 = {"2001:db8:1::7", "2001:db8::200", "fd00:ffff::200", "2001:db8::fedc:101"};

    private final Rewriter rewriter = new Rewriter();
    private final Rewriter6 rewriter6 = new Rewriter6();
    private final Room room = new Room();

    @Test
    void completeChecksumsStayComplete() {
        for (String[] hosts : List.of(V4, V6)) {
            for (int length = 0; length < 40; length++) {
                byte[] payload = Packets.payload(length);
                for (Packet packet : packets(hosts, payload)) {
                    for (int mode : new int[] {Checksums.DETECT, Checksums.INCREMENTAL}) {
                        Packet after = after(packet, hosts);
                        assertEquals(after.wire(), rewritten(packet, after, mode), () -> "mode " + mode);
                        assertTrue(after.wire().checksumsRight());
                    }
                }
            }
        }
    }

    @Test
    void partialOnesAreCompletedOrStayPartial() {
        for (String[] hosts : List.of(V4, V6)) {
            for (Packet packet : packets(hosts, Packets.payload(33))) {
                if (packet.wire().protocol() == 1 || packet.wire().protocol() == 58) {
                    continue;
                }
                packet.sum(Sum.PARTIAL);
                Packet completed = after(packet, hosts).sum(Sum.COMPLETE);
                assertEquals(completed.wire(), rewritten(packet, completed, Checksums.DETECT));
                if (packet.wire().protocol() != 132) {
                    Packet partial = after(packet, hosts);
                    assertEquals(partial.wire(), rewritten(packet, partial, Checksums.PARTIAL));
                }
            }
        }
    }

    @Test
    void aWrongChecksumStaysWrong() {
        for (String[] hosts : List.of(V4, V6)) {
            for (Packet packet : packets(hosts, Packets.payload(33))) {
                packet.sum(Sum.WRONG);
                assertTrue(!rewritten(packet, after(packet, hosts), Checksums.DETECT)
                        .checksumsRight());
            }
        }
    }

    @Test
    void anEchoReplyOfZerosKeepsItsOnes() {
        Packet reply = Packets.echoReply(V4[0], V4[1], 7, 0);
        Packet after = after(reply, V4).icmp(0, 0, 0);
        assertEquals(after.wire(), rewritten(reply, after, Checksums.DETECT));
    }

    @Test
    void fragmentsComeOutAsTheFragmentsOfTheOther() {
        for (String[] hosts : List.of(V4, V6)) {
            boolean ipv6 = Packets.isIpv6(hosts[0]);
            Packet whole = Packets.udp(hosts[0], 5_000, hosts[1], 53).payload(Packets.payload(3_001));
            Packet after = after(whole, hosts).identification(0xBEEF);
            List<Packet> pieces = whole.fragments(1_500);
            List<Packet> wanted = after.fragments(1_500);
            for (int i = 0; i < pieces.size(); i++) {
                room.put(pieces.get(i));
                int header = ipv6 ? room.transport - 8 : 0;
                WireFrame numbers = after.wire();
                if (i == 0) {
                    rewritten(pieces.get(0), after, Checksums.INCREMENTAL);
                    if (ipv6) {
                        rewriter6.rewriteIdentification(room.buffer, header, 0xBEEF);
                    } else {
                        rewriter.rewriteIdentification(room.buffer, room.ip, 0xBEEF);
                    }
                } else if (ipv6) {
                    rewriter6.rewriteFragment(
                            room.buffer,
                            room.ip,
                            header,
                            numbers.sourceHigh(),
                            numbers.sourceLow(),
                            numbers.destinationHigh(),
                            numbers.destinationLow(),
                            0xBEEF);
                } else {
                    rewriter.rewriteFragment(room.buffer, room.ip, numbers.source(), numbers.destination(), 0xBEEF);
                }
                assertEquals(wanted.get(i).wire(), room.frame());
            }
        }
    }

    @Test
    void extensionHeadersStay() {
        Packet packet = Packets.tcp(V6[0], 40_000, V6[1], 80).extension(0, 1, 4).extension(60, new int[14]);
        Packet after = after(packet, V6);
        assertEquals(after.wire(), rewritten(packet, after, Checksums.DETECT));
    }

    @Test
    void aTunnelIsPutAroundAnyPacket() {
        Tunnel tunnel = new Tunnel();
        for (int[] tags : new int[][] {{}, {80}, {80, 81}}) {
            Packet inner = Packets.tcp(V4[0], 40_000, V4[1], 80).vlan(tags).trafficClass(0xB9);
            room.put(inner);
            int frame = tunnel.encapsulate(
                    room.buffer, Room.FRAME, room.ip, Packets.ip("192.168.80.5"), Packets.ip("10.9.9.9"));
            WireFrame wanted = inner.tunnelled("192.168.80.5", "10.9.9.9").wire();
            assertEquals(wanted, room.frame(frame, room.end));
            assertTrue(wanted.checksumsRight());

            Packet inner6 = Packets.udp(V6[0], 40_000, V6[1], 80)
                    .vlan(tags)
                    .trafficClass(0x2E)
                    .flowLabel(0xABCDE);
            room.put(inner6);
            WireFrame wanted6 = inner6.tunnelled("2001:db8::5", "2001:db8:9::9").wire();
            int frame6 = tunnel.encapsulate6(
                    room.buffer,
                    Room.FRAME,
                    room.ip,
                    wanted6.sourceHigh(),
                    wanted6.sourceLow(),
                    wanted6.destinationHigh(),
                    wanted6.destinationLow());
            assertEquals(wanted6, room.frame(frame6, room.end));
            assertTrue(wanted6.checksumsRight());
        }
    }

    private static List<Packet> packets(String[] hosts, byte[] payload) {
        return List.of(
                Packets.tcp(hosts[0], 40_000, hosts[1], 80).payload(payload),
                Packets.udp(hosts[0], 40_000, hosts[1], 80).payload(payload),
                Packets.sctp(hosts[0], 40_000, hosts[1], 80).chunk(0, 3, payload),
                Packets.echo(hosts[0], hosts[1], 40_000, 3).payload(payload),
                Packets.echoReply(hosts[0], hosts[1], 80, 3).payload(payload));
    }

    private static Packet after(Packet before, String[] hosts) {
        WireFrame wire = before.wire();
        Packet after =
                before.copy().from(hosts[2], 1_027).to(hosts[3], 8_080).ttl(63).macs(Packets.GATUN_MAC, macOf(wire));
        if (wire.protocol() == 1 || wire.protocol() == 58) {
            int type = wire.unsignedByte(wire.transport());
            boolean reply = type == 0 || type == 129;
            after.icmp(type, 0, (reply ? 8_080 : 1_027) << 16 | 3);
        }
        return after;
    }

    private static long macOf(WireFrame wire) {
        return Packets.macOf(wire.unsignedShort(8) << 16 | wire.unsignedShort(10));
    }

    private WireFrame rewritten(Packet before, Packet after, int checksums) {
        room.put(before);
        WireFrame wanted = after.wire();
        int ports = ports(wanted);
        int length = room.end - room.transport;
        if (wanted.isIpv6()) {
            rewriter6.rewrite(
                    room.buffer,
                    room.ip,
                    room.transport,
                    length,
                    room.protocol,
                    checksums,
                    wanted.sourceHigh(),
                    wanted.sourceLow(),
                    wanted.destinationHigh(),
                    wanted.destinationLow(),
                    ports);
        } else {
            rewriter.rewrite(
                    room.buffer,
                    room.ip,
                    room.transport,
                    length,
                    checksums,
                    wanted.source(),
                    wanted.destination(),
                    ports);
        }
        return room.frame();
    }

    static int ports(WireFrame wire) {
        if (wire.protocol() == 1 || wire.protocol() == 58) {
            int type = wire.unsignedByte(wire.transport());
            int identifier = wire.unsignedShort(wire.transport() + 4);
            return type == 0 || type == 129 ? identifier : identifier << 16;
        }
        return wire.sourcePort() << 16 | wire.destinationPort();
    }
}
