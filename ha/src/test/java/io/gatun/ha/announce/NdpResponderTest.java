package io.gatun.ha.announce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.gatun.ha.wire.Frames;
import io.gatun.ha.wire.IpAddress;
import io.gatun.ha.wire.NdpExamples;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** 2001:db8:80::c8 is ours, 2001:db8:80::c9 is another node's VIP. */
class NdpResponderTest {
    private static final IpAddress PEERS_VIP = new IpAddress(NdpExamples.VIP.high(), 0xc9);
    private static final String VIP = "20010db80080000000000000000000c8";
    private static final String PEERS = "20010db80080000000000000000000c9";
    private static final String STRANGERS = "20010db80080000000000000000000ca";

    private final VipTable vips = new VipTable();
    private final NdpResponder responder = new NdpResponder(vips, List.of(Frames.OURS));

    NdpResponderTest() {
        vips.add(NdpExamples.VIP).onMaster(0);
        vips.add(PEERS_VIP).onBackup();
    }

    static Stream<Arguments> cases() {
        return Stream.of(
                arguments("the group is asked for our VIP", NdpExamples.SOLICITATION, NdpVerdict.ANSWER),
                arguments("a neighbour checks our VIP", NdpExamples.UNICAST_SOLICITATION, NdpVerdict.ANSWER),
                arguments(
                        "a question flooded on its way to another MAC",
                        NdpExamples.UNICAST_SOLICITATION.replaceFirst("020000000001", "0200000000aa"),
                        NdpVerdict.SENT_TO_ANOTHER),
                arguments("a host wants to take our VIP", NdpExamples.PROBE, NdpVerdict.PROBE),
                arguments("a host advertises our VIP", NdpExamples.CLAIM, NdpVerdict.CONFLICT),
                arguments(
                        "also without override, as a proxy does",
                        NdpExamples.CLAIM.replace(" 20000000 ", " 00000000 "),
                        NdpVerdict.CONFLICT),
                arguments(
                        "also in answer to us",
                        NdpExamples.ANSWER.replace("020000000001", "02000000000c"),
                        NdpVerdict.CONFLICT),
                arguments("a host asks from our VIP", NdpExamples.SOLICITATION_FROM_THE_VIP, NdpVerdict.CONFLICT),
                arguments("our own announcement comes back", NdpExamples.ANNOUNCEMENT, NdpVerdict.OWN_FRAME),
                arguments(
                        "our kernel asks for the VIP",
                        NdpExamples.SOLICITATION.replace("02000000000c", "020000000001"),
                        NdpVerdict.OWN_FRAME),
                arguments(
                        "a neighbour's address is its own business",
                        NdpExamples.SOLICITATION.replace(VIP, STRANGERS),
                        NdpVerdict.NOT_OURS),
                arguments(
                        "and so is its advertisement",
                        NdpExamples.CLAIM.replace(VIP, STRANGERS),
                        NdpVerdict.NOT_A_SOLICITATION),
                arguments(
                        "a VIP of another node is that node's",
                        NdpExamples.SOLICITATION.replace(VIP, PEERS),
                        NdpVerdict.NOT_MASTER),
                arguments(
                        "the owner announces its VIP: no conflict while we are silent",
                        NdpExamples.CLAIM.replace(VIP, PEERS),
                        NdpVerdict.NOT_A_SOLICITATION),
                arguments("not IPv6", NdpExamples.SOLICITATION.replace("86dd", "0800"), NdpVerdict.NOT_NDP),
                arguments("too short", NdpExamples.SOLICITATION.replace(" 0020 ", " 0010 "), NdpVerdict.TRUNCATED),
                arguments("routed", NdpExamples.SOLICITATION.replace("3a ff", "3a 40"), NdpVerdict.FROM_AFAR),
                arguments("code", NdpExamples.SOLICITATION.replace(" 87 00", " 87 01"), NdpVerdict.UNKNOWN_CODE),
                arguments("option", NdpExamples.SOLICITATION.replace(" 0101 ", " 0100 "), NdpVerdict.BAD_OPTION),
                arguments(
                        "a group asked for",
                        NdpExamples.SOLICITATION.replace(VIP, "ff0200000000000000000000000000c8"),
                        NdpVerdict.TARGET_IS_A_GROUP),
                arguments(
                        "a group asks",
                        NdpExamples.SOLICITATION.replace(" 0101 0200", " 0101 0300"),
                        NdpVerdict.SENDER_NOT_A_STATION),
                arguments(
                        "a probe to one host",
                        NdpExamples.PROBE.replace("ff0200000000000000000001ff0000c8", VIP),
                        NdpVerdict.BAD_PROBE),
                arguments(
                        "everyone asked",
                        NdpExamples.CLAIM.replace(" 20000000 ", " 60000000 "),
                        NdpVerdict.SOLICITED_BY_A_GROUP));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("cases")
    void verdict(String sentence, String frame, NdpVerdict expected) {
        assertEquals(expected, judge(NdpExamples.sealed(frame)), sentence);
    }

    @Test
    void aWrongChecksumIsNothingToUs() {
        assertEquals(NdpVerdict.BAD_CHECKSUM, judge(NdpExamples.SOLICITATION.replace(" 1981 ", " 1980 ")));
    }

    private NdpVerdict judge(String frame) {
        return responder.judge(NdpExamples.ndp(frame), Frames.bytes(frame).length);
    }

    @Test
    void everyVerdictHasACase() {
        EnumSet<NdpVerdict> seen = EnumSet.of(NdpVerdict.BAD_CHECKSUM);
        cases().forEach(each -> seen.add((NdpVerdict) each.get()[2]));
        assertEquals(EnumSet.allOf(NdpVerdict.class), seen);
    }

    @Test
    void everyVerdictHasACounterOfItsOwn() {
        EnumSet<AnnouncerCounter> seen = EnumSet.noneOf(AnnouncerCounter.class);
        for (NdpVerdict verdict : NdpVerdict.values()) {
            seen.add(verdict.counter());
        }
        assertEquals(NdpVerdict.values().length, seen.size());
    }
}
