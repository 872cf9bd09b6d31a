package io.gatun.forwarder.nat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.Packet.Sum;
import io.gatun.forwarder.packet.Packets;
import io.gatun.forwarder.packet.WireFrame;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Errors through NAT, within a family and from one to the other. */
class IcmpErrorsTest {
    private static final String[] SENT4 = {"192.168.80.200", "192.168.80.101"};
    private static final String[] KNOWN4 = {"10.0.0.7", "192.168.80.200"};
    private static final String[] SENT6 = {"2001:db8::200", "2001:db8::101"};
    private static final String[] KNOWN6 = {"2001:db8:7::7", "2001:db8::200"};
    private static final String ROUTER4 = "10.9.9.1";
    private static final String ROUTER6 = "2001:db8:9::1";

    private final IcmpErrors errors = new IcmpErrors();
    private final ErrorTranslator64 translator = new ErrorTranslator64();
    private final IcmpAnswer answer = new IcmpAnswer();
    private final Room room = new Room();

    @Test
    void anIpv4ErrorIsRewrittenWithItsQuote() {
        for (int which = 0; which < 5; which++) {
            for (int quotedBytes : new int[] {28, 36, 40, 47, 548}) {
                Packet sent = Translator64Test.packet(SENT4, which, 40);
                Packet known = Translator64Test.packet(KNOWN4, which, 40);
                Packet before = Packets.icmpError(ROUTER4, SENT4[0], 3, 4, 1_400, sent, quotedBytes);
                Packet after = Translator64Test.sameMacs(
                        Packets.icmpError("192.168.80.200", KNOWN4[0], 3, 4, 1_400, known, quotedBytes), before);
                WireFrame got = rewritten(before, after.ttl(63), known);
                if (which == 2 && quotedBytes < 76) { // the CRC is that of the packet that was sent, see the ADR
                    assertTrue(got.checksumsRight());
                } else {
                    assertEquals(after.wire(), got);
                }
            }
        }
    }

    @Test
    void anIpv6ErrorIsRewrittenWithItsQuote() {
        for (int which = 0; which < 5; which++) {
            for (int quotedBytes : new int[] {48, 56, 60, 67, 1_232}) {
                Packet sent = Translator64Test.packet(SENT6, which, 40);
                Packet known = Translator64Test.packet(KNOWN6, which, 40);
                Packet before = Packets.icmpError(ROUTER6, SENT6[0], 2, 0, 1_400, sent, quotedBytes);
                Packet after = Translator64Test.sameMacs(
                        Packets.icmpError("2001:db8::200", KNOWN6[0], 2, 0, 1_400, known, quotedBytes), before);
                WireFrame got = rewritten6(before, after.ttl(63), known);
                if (which == 2 && quotedBytes < 96) {
                    assertTrue(got.checksumsRight());
                } else {
                    assertEquals(after.wire(), got);
                }
            }
        }
    }

    @Test
    void anIpv4ErrorBecomesAnIpv6Error() {
        int[][] table = {
            // type, code, rest -> type, code, rest
            {3, 0, 0, 1, 0, 0},
            {3, 1, 0, 1, 0, 0},
            {3, 2, 0, 4, 1, 6},
            {3, 3, 0, 1, 4, 0},
            {3, 4, 1_400, 2, 0, 1_420},
            {3, 4, 1_490, 2, 0, 1_500},
            {3, 4, 576, 2, 0, 1_280},
            {3, 5, 0, 1, 0, 0},
            {3, 9, 0, 1, 1, 0},
            {3, 10, 0, 1, 1, 0},
            {3, 13, 0, 1, 1, 0},
            {3, 15, 0, 1, 1, 0},
            {11, 0, 0, 3, 0, 0},
            {11, 1, 0, 3, 1, 0},
            {12, 0, 0, 4, 0, 0},
            {12, 0, 8 << 24, 4, 0, 7},
            {12, 2, 12 << 24, 4, 0, 8},
            {12, 0, 16 << 24, 4, 0, 24},
        };
        for (int[] row : table) {
            for (int which = 0; which < 5; which++) {
                Packet sent = Translator64Test.packet(SENT4, which, 40);
                Packet known = Translator64Test.packet(KNOWN6, which, 40);
                Packet before = Packets.icmpError(ROUTER4, SENT4[0], row[0], row[1], row[2], sent, 28);
                Packet after = Packets.icmpError("2001:db8::200", KNOWN6[0], row[3], row[4], row[5], known, 48);
                Translator64Test.sameMacs(after.ttl(63), before);
                assertTrue(toIpv6(before, after, known), () -> row[0] + "/" + row[1]);
                requireTranslated(after, which);
            }
        }
    }

    @Test
    void anIpv6ErrorBecomesAnIpv4Error() {
        int[][] table = {
            {1, 0, 0, 3, 1, 0},
            {1, 1, 0, 3, 10, 0},
            {1, 2, 0, 3, 1, 0},
            {1, 3, 0, 3, 1, 0},
            {1, 4, 0, 3, 3, 0},
            {2, 0, 1_400, 3, 4, 1_380},
            {2, 0, 9_000, 3, 4, 1_500},
            {3, 0, 0, 11, 0, 0},
            {3, 1, 0, 11, 1, 0},
            {4, 1, 6, 3, 2, 0},
            {4, 0, 0, 12, 0, 0},
            {4, 0, 4, 12, 0, 2 << 24},
            {4, 0, 6, 12, 0, 9 << 24},
            {4, 0, 7, 12, 0, 8 << 24},
            {4, 0, 8, 12, 0, 12 << 24},
            {4, 0, 39, 12, 0, 16 << 24},
        };
        for (int[] row : table) {
            for (int which = 0; which < 5; which++) {
                Packet sent = Translator64Test.packet(SENT6, which, 40);
                Packet known = Translator64Test.packet(KNOWN4, which, 40)
                        .identification(0)
                        .fragment(0);
                Packet before = Packets.icmpError(ROUTER6, SENT6[0], row[0], row[1], row[2], sent, 48);
                Packet after = Packets.icmpError("192.168.80.200", KNOWN4[0], row[3], row[4], row[5], known, 28);
                Translator64Test.sameMacs(after.ttl(63), before).identification(0);
                assertTrue(toIpv4(before, after, known), () -> row[0] + "/" + row[1]);
                requireTranslated(after, which);
            }
        }
    }

    @Test
    void whatRfc7915DoesNotTranslateIsLeft() {
        Packet sent = Translator64Test.packet(SENT4, 1, 4);
        int[][] none = {{3, 14, 0}, {4, 0, 0}, {5, 0, 0}, {12, 1, 0}, {12, 0, 4 << 24}, {12, 0, 20 << 24}};
        for (int[] row : none) {
            Packet before = Packets.icmpError(ROUTER4, SENT4[0], row[0], row[1], row[2], sent, 28);
            assertFalse(toIpv6(before, Translator64Test.packet(KNOWN6, 1, 4), Translator64Test.packet(KNOWN6, 1, 4)));
            assertEquals(before.wire(), room.frame());
        }
        Packet sent6 = Translator64Test.packet(SENT6, 1, 4);
        for (int[] row : new int[][] {{1, 5, 0}, {4, 2, 0}, {4, 0, 2}, {4, 0, 40}, {4, 0, -1}}) {
            Packet before = Packets.icmpError(ROUTER6, SENT6[0], row[0], row[1], row[2], sent6, 48);
            assertFalse(toIpv4(before, Translator64Test.packet(KNOWN4, 1, 4), Translator64Test.packet(KNOWN4, 1, 4)));
            assertEquals(before.wire(), room.frame());
        }
    }

    @Test
    void anErrorWithAWrongChecksumIsLeft() {
        Packet sent = Translator64Test.packet(SENT4, 0, 4);
        Packet before = Packets.icmpError(ROUTER4, SENT4[0], 3, 3, 0, sent, 100).sum(Sum.WRONG);
        room.put(before);
        assertNotNull(errors.quoted(room.buffer, room.transport + 8, room.end));
        assertFalse(errors.rewrite(room.buffer, room.ip, room.transport, room.end, 1, 2, 3, 4, 5));
        assertEquals(before.wire(), room.frame());
        assertFalse(toIpv6(before, Translator64Test.packet(KNOWN6, 0, 4), Translator64Test.packet(KNOWN6, 0, 4)));
        assertEquals(before.wire(), room.frame());
    }

    @Test
    void aQuoteThatTellsOfNoFlowIsRefused() {
        Packet sent = Translator64Test.packet(SENT4, 0, 4);
        for (int bytes = 0; bytes < 24; bytes++) {
            assertNull(quote(Packets.icmpError(ROUTER4, SENT4[0], 3, 3, 0, sent, bytes)));
        }
        Packet later = Translator64Test.packet(SENT4, 1, 3_000).fragments(1_500).getLast();
        assertNull(quote(Packets.icmpError(ROUTER4, SENT4[0], 3, 3, 0, later, 100)));
        Packet error = Packets.icmpError(ROUTER4, SENT4[0], 3, 3, 0, sent, 100);
        assertNull(quote(Packets.icmpError(ROUTER4, SENT4[0], 3, 3, 0, error, 100)));
        Random random = new Random(792);
        for (int round = 0; round < 50_000; round++) {
            byte[] bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            if (bytes.length > 10) {
                bytes[0] = (byte) (random.nextBoolean() ? 0x45 : 0x60);
                bytes[6] = (byte) (random.nextBoolean() ? 44 : 0);
                bytes[9] = (byte) (random.nextBoolean() ? 6 : 1);
            }
            errors.quoted(new UnsafeBuffer(bytes), 0, bytes.length);
        }
    }

    @Test
    void ourOwnErrorsQuoteAsMuchAsFits() {
        for (int[] tags : new int[][] {{}, {80}}) {
            for (int length : new int[] {0, 1, 511, 512, 1_400}) {
                Packet sent = Translator64Test.packet(KNOWN4, 1, length).vlan(tags);
                room.put(sent);
                assertTrue(answer.isAllowed(room.buffer, Room.FRAME, room.ip, room.end));
                answer.tooBig(room.buffer, Room.FRAME, room.ip, room.end, Packets.ip("192.168.80.5"), 1_480);
                Packet wanted = Packets.icmpError("192.168.80.5", KNOWN4[0], 3, 4, 1_480, sent, 548)
                        .vlan(tags)
                        .trafficClass(0xC0)
                        .identification(0)
                        .macs(Packets.macOf(Packets.ip(KNOWN4[0])), Packets.GATUN_MAC);
                assertEquals(wanted.wire(), answered());

                Packet sent6 = Translator64Test.packet(KNOWN6, 1, length).vlan(tags);
                room.put(sent6);
                assertTrue(answer.isAllowed6(room.buffer, Room.FRAME, room.ip, room.end));
                answer.timeExceeded6(
                        room.buffer,
                        Room.FRAME,
                        room.ip,
                        room.end,
                        Packets.high("2001:db8::5"),
                        Packets.low("2001:db8::5"));
                Packet wanted6 = Packets.icmpError("2001:db8::5", KNOWN6[0], 3, 0, 0, sent6, 1_232)
                        .vlan(tags)
                        .macs(Packets.macOf((int) Packets.low(KNOWN6[0])), Packets.GATUN_MAC);
                assertEquals(wanted6.wire(), answered());
                assertTrue(answered().checksumsRight());
            }
        }
    }

    @Test
    void nobodyIsToldOfAnErrorOrOfWhatWasForMany() {
        Packet sent = Translator64Test.packet(SENT4, 0, 4);
        List<Packet> silent = List.of(
                Packets.icmpError(ROUTER4, SENT4[0], 3, 3, 0, sent, 100),
                Translator64Test.packet(SENT4, 1, 3_000).fragments(1_500).getLast(),
                Packets.udp("0.0.0.0", 1, SENT4[0], 2),
                Packets.udp("224.0.0.1", 1, SENT4[0], 2),
                Packets.udp(SENT4[0], 1, "255.255.255.255", 2),
                sent.copy().macs(0x0100_5E00_0001L, 1));
        for (Packet packet : silent) {
            room.put(packet);
            assertFalse(answer.isAllowed(room.buffer, Room.FRAME, room.ip, room.end), packet.wire()::toString);
        }
        List<Packet> silent6 = List.of(
                Packets.icmpError(ROUTER6, SENT6[0], 1, 3, 0, Translator64Test.packet(SENT6, 0, 4), 100),
                Packets.udp("::", 1, SENT6[0], 2),
                Packets.udp(SENT6[0], 1, "ff02::1", 2));
        for (Packet packet : silent6) {
            room.put(packet);
            assertFalse(answer.isAllowed6(room.buffer, Room.FRAME, room.ip, room.end), packet.wire()::toString);
        }
    }

    private void requireTranslated(Packet after, int which) {
        WireFrame got = room.frame(translator.frameOffset(), translator.end());
        if (which == 0 || which == 1) {
            assertEquals(after.wire(), got);
        }
        assertTrue(got.checksumsRight());
    }

    private WireFrame answered() {
        return room.frame(answer.frameOffset(), answer.frameOffset() + answer.frameLength());
    }

    private QuotedPacket quote(Packet error) {
        room.put(error);
        return errors.quoted(room.buffer, room.transport + 8, room.end);
    }

    private WireFrame rewritten(Packet before, Packet after, Packet known) {
        QuotedPacket quote = quote(before);
        assertNotNull(quote);
        assertEquals(Packets.ip(SENT4[0]), quote.source());
        assertEquals(Packets.ip(SENT4[1]), quote.destination());
        WireFrame inner = known.wire();
        WireFrame outer = after.wire();
        assertTrue(errors.rewrite(
                room.buffer,
                room.ip,
                room.transport,
                room.end,
                outer.source(),
                outer.destination(),
                inner.source(),
                inner.destination(),
                AllProtocolsTest.ports(inner)));
        return room.frame();
    }

    private WireFrame rewritten6(Packet before, Packet after, Packet known) {
        QuotedPacket quote = quote(before);
        assertNotNull(quote);
        assertEquals(Packets.low(SENT6[0]), quote.sourceLow());
        WireFrame inner = known.wire();
        WireFrame outer = after.wire();
        assertTrue(errors.rewrite6(
                room.buffer,
                room.ip,
                room.transport,
                room.end,
                outer.sourceHigh(),
                outer.sourceLow(),
                outer.destinationHigh(),
                outer.destinationLow(),
                inner.sourceHigh(),
                inner.sourceLow(),
                inner.destinationHigh(),
                inner.destinationLow(),
                AllProtocolsTest.ports(inner)));
        return room.frame();
    }

    private boolean toIpv6(Packet before, Packet after, Packet known) {
        QuotedPacket quote = quote(before);
        WireFrame inner = known.wire();
        WireFrame outer = after.wire();
        return translator.toIpv6(
                room.buffer,
                Room.FRAME,
                room.ip,
                room.transport,
                room.end,
                quote,
                outer.sourceHigh(),
                outer.sourceLow(),
                outer.destinationHigh(),
                outer.destinationLow(),
                inner.sourceHigh(),
                inner.sourceLow(),
                inner.destinationHigh(),
                inner.destinationLow(),
                AllProtocolsTest.ports(inner),
                1_500);
    }

    private boolean toIpv4(Packet before, Packet after, Packet known) {
        QuotedPacket quote = quote(before);
        WireFrame inner = known.wire();
        WireFrame outer = after.wire();
        return translator.toIpv4(
                room.buffer,
                Room.FRAME,
                room.ip,
                room.transport,
                room.end,
                quote,
                outer.source(),
                outer.destination(),
                inner.source(),
                inner.destination(),
                AllProtocolsTest.ports(inner),
                1_500);
    }
}
