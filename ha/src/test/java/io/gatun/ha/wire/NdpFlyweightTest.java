package io.gatun.ha.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.EnumSet;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NdpFlyweightTest {
    @Test
    void readsTheFieldsOfASolicitation() {
        NdpFlyweight frame = NdpExamples.ndp(NdpExamples.SOLICITATION);
        assertEquals(NdpValidity.VALID, frame.validate(86));
        assertEquals(0x3333_ff00_00c8L, frame.destination());
        assertEquals(Frames.CLIENT.bits(), frame.source());
        assertEquals(Frames.CLIENT.bits(), frame.senderMac());
        assertEquals(NdpFlyweight.SOLICITATION, frame.type());
        assertEquals("2001:db8:80::10", new IpAddress(frame.sourceHigh(), frame.sourceLow()).toString());
        assertEquals(NdpExamples.VIP, new IpAddress(frame.targetHigh(), frame.targetLow()));
        assertFalse(frame.isFromNobody());
        assertTrue(NdpExamples.ndp(NdpExamples.PROBE).isFromNobody());
    }

    @Test
    void readsBehindAnOffset() {
        UnsafeBuffer buffer = Frames.empty();
        buffer.putBytes(7, Frames.bytes(NdpExamples.CLAIM));
        NdpFlyweight frame = new NdpFlyweight().wrap(buffer, 7);
        assertEquals(NdpValidity.VALID, frame.validate(86));
        assertEquals(NdpFlyweight.ADVERTISEMENT, frame.type());
        assertEquals(NdpExamples.VIP, new IpAddress(frame.targetHigh(), frame.targetLow()));
    }

    @Test
    void writesASolicitation() {
        UnsafeBuffer buffer = Frames.empty();
        buffer.setMemory(0, buffer.capacity(), (byte) 0xff);
        NdpFlyweight asked = NdpExamples.ndp(NdpExamples.SOLICITATION);
        IpAddress group = SolicitedNode.group(NdpExamples.VIP);
        new NdpFlyweight()
                .wrap(buffer, 0)
                .fillConstants()
                .destination(MacAddress.ofGroup(group))
                .source(Frames.CLIENT.bits())
                .sourceIp(asked.sourceHigh(), asked.sourceLow())
                .destinationIp(group.high(), group.low())
                .target(asked.targetHigh(), asked.targetLow())
                .solicit(Frames.CLIENT.bits())
                .writeChecksum();
        assertEquals(NdpExamples.SOLICITATION, NdpExamples.hex(buffer));
    }

    static Stream<Arguments> frames() {
        return Stream.of(
                good("the VIP's group is asked", NdpExamples.SOLICITATION),
                good("a neighbour checks the VIP", NdpExamples.UNICAST_SOLICITATION),
                good("a host probes", NdpExamples.PROBE),
                good("a host claims", NdpExamples.CLAIM),
                good("an answer", NdpExamples.ANSWER),
                good("an option of whatever kind", changed(NdpExamples.SOLICITATION, " 0101 0200", " 0e01 0200")),
                good(
                        "a probe with a nonce, RFC 7527",
                        changed(NdpExamples.PROBE, " 0018 3a", " 0020 3a") + " 0e01010203040506"),
                bad("IPv4", NdpExamples.SOLICITATION.replace("86dd", "0800"), NdpValidity.NOT_NDP),
                bad("version 4", NdpExamples.SOLICITATION.replace("86dd 6", "86dd 4"), NdpValidity.NOT_NDP),
                bad("UDP", NdpExamples.SOLICITATION.replace("3a ff", "11 ff"), NdpValidity.NOT_NDP),
                bad("echo", changed(NdpExamples.SOLICITATION, " 87 00", " 80 00"), NdpValidity.NOT_NDP),
                bad(
                        "less than a message",
                        NdpExamples.SOLICITATION.replace(" 0020 3a", " 0017 3a"),
                        NdpValidity.TRUNCATED),
                bad(
                        "more than there is",
                        NdpExamples.SOLICITATION.replace(" 0020 3a", " 0021 3a"),
                        NdpValidity.TRUNCATED),
                bad("a router passed it", NdpExamples.SOLICITATION.replace("3a ff", "3a fe"), NdpValidity.FROM_AFAR),
                bad("checksum", NdpExamples.SOLICITATION.replace(" 1981 ", " 1982 "), NdpValidity.BAD_CHECKSUM),
                bad("no checksum", NdpExamples.SOLICITATION.replace(" 1981 ", " 0000 "), NdpValidity.BAD_CHECKSUM),
                bad("code", changed(NdpExamples.SOLICITATION, " 87 00", " 87 01"), NdpValidity.UNKNOWN_CODE),
                bad(
                        "an option without length",
                        changed(NdpExamples.SOLICITATION, " 0101 0200", " 0e00 0200"),
                        NdpValidity.BAD_OPTION),
                bad(
                        "an option behind the end",
                        changed(NdpExamples.SOLICITATION, " 0101 0200", " 0e02 0200"),
                        NdpValidity.BAD_OPTION),
                bad(
                        "half an option",
                        changed(NdpExamples.SOLICITATION, " 0020 3a", " 001c 3a"),
                        NdpValidity.BAD_OPTION),
                bad(
                        "a hardware address of 14 bytes",
                        changed(NdpExamples.SOLICITATION, " 0020 3a", " 0028 3a")
                                        .replace(" 0101 ", " 0102 ") + " 0000000000000000",
                        NdpValidity.BAD_OPTION),
                bad(
                        "a group is asked for",
                        changed(
                                NdpExamples.SOLICITATION,
                                "20010db80080000000000000000000c8",
                                "ff0200000000000000000000000000c8"),
                        NdpValidity.TARGET_IS_A_GROUP),
                bad(
                        "a group asks",
                        changed(
                                NdpExamples.SOLICITATION,
                                "20010db8008000000000000000000010",
                                "ff020000000000000000000000000001"),
                        NdpValidity.SENDER_NOT_A_STATION),
                bad(
                        "from a group's MAC",
                        NdpExamples.SOLICITATION.replaceFirst("02000000000c 86dd", "03000000000c 86dd"),
                        NdpValidity.SENDER_NOT_A_STATION),
                bad(
                        "to be answered at no MAC",
                        changed(NdpExamples.SOLICITATION, " 0101 02000000000c", " 0101 000000000000"),
                        NdpValidity.SENDER_NOT_A_STATION),
                bad(
                        "a probe to everyone",
                        changed(
                                NdpExamples.PROBE,
                                "ff0200000000000000000001ff0000c8",
                                "ff020000000000000000000000000001"),
                        NdpValidity.BAD_PROBE),
                bad(
                        "a probe with a hardware address",
                        changed(NdpExamples.PROBE, " 0018 3a", " 0020 3a") + " 010102000000000c",
                        NdpValidity.BAD_PROBE),
                bad(
                        "everyone asked for it",
                        changed(NdpExamples.CLAIM, " 20000000 ", " 60000000 "),
                        NdpValidity.SOLICITED_BY_A_GROUP));
    }

    private static Arguments good(String sentence, String frame) {
        return arguments(sentence, NdpExamples.sealed(frame), NdpValidity.VALID);
    }

    private static Arguments bad(String sentence, String frame, NdpValidity expected) {
        boolean seal = expected.compareTo(NdpValidity.BAD_CHECKSUM) > 0;
        return arguments(sentence, seal ? NdpExamples.sealed(frame) : frame, expected);
    }

    private static String changed(String frame, String before, String after) {
        assertTrue(frame.contains(before), frame);
        return frame.replace(before, after);
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("frames")
    void validity(String sentence, String frame, NdpValidity expected) {
        assertEquals(expected, NdpExamples.ndp(frame).validate(Frames.bytes(frame).length), sentence);
    }

    @Test
    void everyValidityHasAFrame() {
        EnumSet<NdpValidity> seen = EnumSet.noneOf(NdpValidity.class);
        frames().forEach(each -> seen.add((NdpValidity) each.get()[2]));
        assertEquals(EnumSet.allOf(NdpValidity.class), seen);
    }

    @ParameterizedTest
    @CsvSource({"0, TRUNCATED", "13, TRUNCATED", "54, TRUNCATED", "85, TRUNCATED", "86, VALID", "90, VALID"})
    void lengthIsJudgedBeforeContent(int lengthBytes, NdpValidity expected) {
        assertEquals(expected, NdpExamples.ndp(NdpExamples.SOLICITATION).validate(lengthBytes));
    }
}
