package io.gatun.forwarder.nat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.packet.Ipv6Extensions;
import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.Packet.Sum;
import io.gatun.forwarder.packet.Packets;
import io.gatun.forwarder.packet.WireFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 7915: what comes out is the packet that would have been made in the other family. */
class Translator64Test {
    private static final String[] V4 = {"192.168.80.200", "192.168.80.101"};
    private static final String[] V6 = {"2001:db8::7", "2001:db8::200"};

    private final Translator64 translator = new Translator64();
    private final Ipv6Extensions extensions = new Ipv6Extensions();
    private final Room room = new Room();
    private int identification;

    @Test
    void everyProtocolAndLengthBecomesIpv4() {
        int id = 0;
        for (int length : lengths()) {
            for (int which = 0; which < 5; which++) {
                Packet before = packet(V6, which, length).trafficClass(0xB9).flowLabel(0x12345);
                Packet after = sameMacs(packet(V4, which, length), before).trafficClass(0xB9);
                after.ttl(63).identification(id++);
                after.fragment(after.ipBytes().length > 1_260 ? 0x4000 : 0);
                assertEquals(after.wire(), toIpv4(before, after, Checksums.DETECT));
                assertTrue(after.wire().checksumsRight());
            }
        }
    }

    @Test
    void everyProtocolAndLengthBecomesIpv6() {
        for (int length : lengths()) {
            for (int which = 0; which < 5; which++) {
                Packet before = packet(V4, which, length).trafficClass(0x2E);
                Packet after = sameMacs(packet(V6, which, length), before)
                        .trafficClass(0x2E)
                        .ttl(63);
                assertEquals(after.wire(), toIpv6(before, after, Checksums.DETECT));
                assertTrue(after.wire().checksumsRight());
            }
        }
    }

    @Test
    void partialChecksumsAreCompletedOrStayPartial() {
        for (int which = 0; which < 2; which++) {
            for (int mode : new int[] {Checksums.DETECT, Checksums.PARTIAL}) {
                Sum sum = mode == Checksums.PARTIAL ? Sum.PARTIAL : Sum.COMPLETE;
                Packet before = packet(V4, which, 33).sum(Sum.PARTIAL);
                Packet after = sameMacs(packet(V6, which, 33), before).ttl(63).sum(sum);
                assertEquals(after.wire(), toIpv6(before, after, mode));

                Packet before6 = packet(V6, which, 1_300).sum(Sum.PARTIAL);
                Packet after4 =
                        sameMacs(packet(V4, which, 1_300), before6).ttl(63).sum(sum);
                after4.identification(identification++);
                assertEquals(after4.wire(), toIpv4(before6, after4, mode));
            }
        }
    }

    @Test
    void vlanTagsMoveAlong() {
        Packet before = packet(V4, 0, 5).vlan(80, 81);
        Packet after = sameMacs(packet(V6, 0, 5), before).vlan(80, 81).ttl(63);
        assertEquals(after.wire(), toIpv6(before, after, Checksums.DETECT));
        Packet back = sameMacs(packet(V4, 0, 5), before).vlan(80, 81).ttl(63);
        back.identification(0).fragment(0);
        assertEquals(back.wire(), toIpv4(packet(V6, 0, 5).vlan(80, 81).macs(mac(before)[0], mac(before)[1]), back, 0));
    }

    @Test
    void fragmentsStayFragments() {
        Packet whole4 = packet(V4, 1, 3_001).identification(0x8001);
        Packet whole6 = sameMacs(packet(V6, 1, 3_001), whole4).identification(0x8001);
        List<Packet> pieces6 = whole6.fragments(1_500);
        List<Packet> pieces4 = whole4.fragments(1_500 - 28); // as much payload in each
        assertEquals(pieces6.size(), pieces4.size());
        for (int i = 0; i < pieces6.size(); i++) {
            Packet piece6 = pieces6.get(i);
            Packet piece4 = pieces4.get(i);
            assertEquals(piece4.copy().ttl(63).wire(), toIpv4(piece6, whole4, Checksums.DETECT));
            assertEquals(piece6.copy().ttl(63).wire(), toIpv6(piece4, whole6, Checksums.DETECT));
        }
    }

    @Test
    void udpWithoutChecksumGetsOneUnlessItIsAPiece() {
        Packet before = packet(V4, 1, 7).sum(Sum.NONE);
        Packet after = sameMacs(packet(V6, 1, 7), before).ttl(63);
        assertEquals(after.wire(), toIpv6(before, after, Checksums.DETECT));

        Packet piece = packet(V4, 1, 3_000).sum(Sum.NONE).fragments(1_500).getFirst();
        assertUntranslatable(piece);
    }

    @Test
    void whatHasNoCounterpartIsLeftAsItIs() {
        assertUntranslatable(Packets.icmp(V4[0], V4[1], 13, 0)); // timestamp
        assertUntranslatable(packet(V4, 3, 3_000).fragments(1_500).getFirst());
        assertUntranslatable(packet(V4, 0, 3).ipOptions(131, 7, 4, 10, 0, 0, 1, 0));
        Packet[] untranslatable6 = {
            Packets.icmp(V6[0], V6[1], 135, 0),
            packet(V6, 3, 3_000).fragments(1_500).getFirst()
        };
        for (Packet packet : untranslatable6) {
            room.put(packet);
            extensions.walk(room.buffer, room.ip, room.end);
            assertEquals(
                    Translator64.UNTRANSLATABLE,
                    translator.toIpv4(room.buffer, Room.FRAME, room.ip, extensions, room.end, 0, 1, 2, 3));
            assertEquals(packet.wire(), room.frame());
        }
    }

    @Test
    void optionsAndExtensionHeadersAreLost() {
        Packet before = packet(V4, 0, 3).ipOptions(131, 7, 8, 10, 0, 0, 1, 0);
        Packet after = sameMacs(packet(V6, 0, 3), before).ttl(63);
        assertEquals(after.wire(), toIpv6(before, after, Checksums.DETECT));
        Packet before6 = packet(V6, 0, 3).extension(60, 1, 4);
        Packet after4 =
                sameMacs(packet(V4, 0, 3), before6).ttl(63).identification(0).fragment(0);
        assertEquals(after4.wire(), toIpv4(before6, after4, Checksums.DETECT));
    }

    static List<Integer> lengths() {
        List<Integer> lengths = new ArrayList<>();
        for (int length = 0; length < 20; length++) {
            lengths.add(length);
        }
        lengths.addAll(List.of(1_220, 1_221, 1_240, 1_400));
        return lengths;
    }

    static Packet packet(String[] hosts, int which, int length) {
        byte[] payload = Packets.payload(length);
        return switch (which) {
            case 0 -> Packets.tcp(hosts[0], 40_000, hosts[1], 80).payload(payload);
            case 1 -> Packets.udp(hosts[0], 40_000, hosts[1], 80).payload(payload);
            case 2 -> Packets.sctp(hosts[0], 40_000, hosts[1], 80).chunk(0, 3, payload);
            case 3 -> Packets.echo(hosts[0], hosts[1], 40_000, 3).payload(payload);
            default -> Packets.echoReply(hosts[0], hosts[1], 80, 3).payload(payload);
        };
    }

    static long[] mac(Packet packet) {
        WireFrame wire = packet.wire();
        return new long[] {mac(wire, 0), mac(wire, 6)};
    }

    private static long mac(WireFrame wire, int at) {
        return ((long) wire.unsignedShort(at) << 32)
                | ((long) wire.unsignedShort(at + 2) << 16)
                | wire.unsignedShort(at + 4);
    }

    static Packet sameMacs(Packet packet, Packet as) {
        return packet.macs(mac(as)[0], mac(as)[1]);
    }

    private void assertUntranslatable(Packet packet) {
        room.put(packet);
        int result = translator.toIpv6(room.buffer, Room.FRAME, room.ip, room.end, Checksums.DETECT, 1, 2, 3, 4, 5);
        assertEquals(Translator64.UNTRANSLATABLE, result);
        assertEquals(packet.wire(), room.frame());
    }

    private WireFrame toIpv4(Packet before, Packet after, int checksums) {
        room.put(before);
        WireFrame wanted = after.wire();
        assertEquals(Ipv6Extensions.OK, extensions.walk(room.buffer, room.ip, room.end));
        int frame = translator.toIpv4(
                room.buffer,
                Room.FRAME,
                room.ip,
                extensions,
                room.end,
                checksums,
                wanted.source(),
                wanted.destination(),
                AllProtocolsTest.ports(wanted));
        return room.frame(frame, room.end);
    }

    private WireFrame toIpv6(Packet before, Packet after, int checksums) {
        room.put(before);
        WireFrame wanted = after.wire();
        int frame = translator.toIpv6(
                room.buffer,
                Room.FRAME,
                room.ip,
                room.end,
                checksums,
                wanted.sourceHigh(),
                wanted.sourceLow(),
                wanted.destinationHigh(),
                wanted.destinationLow(),
                AllProtocolsTest.ports(wanted));
        return room.frame(frame, room.end);
    }
}
