package io.gatun.ha.announce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.gatun.ha.wire.Frames;
import io.gatun.ha.wire.IpAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** 192.168.80.200 is ours, 192.168.80.201 is another node's VIP. */
class ArpResponderTest {
    private static final int PEERS_VIP = 0xc0a850c9;

    private final VipTable vips = new VipTable();
    private final ArpResponder responder = new ArpResponder(vips, List.of(Frames.OURS));

    ArpResponderTest() {
        vips.add(IpAddress.ofIpv4(Frames.VIP)).onMaster(0);
        vips.add(IpAddress.ofIpv4(PEERS_VIP)).onBackup();
    }

    static Stream<Arguments> cases() {
        return Stream.of(
                arguments("a request for our VIP is answered", Frames.REQUEST, ArpVerdict.ANSWER),
                arguments("so is a probe", Frames.PROBE, ArpVerdict.ANSWER),
                arguments(
                        "and a request that an old neighbour entry sent to our MAC",
                        Frames.REQUEST.replaceFirst("ffffffffffff", "020000000001"),
                        ArpVerdict.ANSWER),
                arguments(
                        "a request flooded on its way to another MAC is not",
                        Frames.REQUEST.replaceFirst("ffffffffffff", "0200000000aa"),
                        ArpVerdict.SENT_TO_ANOTHER),
                arguments("a claim in request form is a conflict", Frames.CLAIM, ArpVerdict.CONFLICT),
                arguments(
                        "a claim in reply form is a conflict",
                        Frames.CLAIM.replace("04 0001", "04 0002"),
                        ArpVerdict.CONFLICT),
                arguments(
                        "a claimant asking for anything else is a conflict",
                        Frames.CLAIM.replaceFirst("c0a850c8$", "c0a85001"),
                        ArpVerdict.CONFLICT),
                arguments("our own announcement comes back", Frames.GRATUITOUS_REQUEST, ArpVerdict.OWN_FRAME),
                arguments(
                        "our kernel asks for the VIP",
                        Frames.REQUEST.replace("02000000000c", "020000000001"),
                        ArpVerdict.OWN_FRAME),
                arguments(
                        "a reply asks nothing", Frames.REQUEST.replace("04 0001", "04 0002"), ArpVerdict.NOT_A_REQUEST),
                arguments(
                        "RARP is another game", Frames.REQUEST.replace("04 0001", "04 0003"), ArpVerdict.NOT_A_REQUEST),
                arguments(
                        "a neighbour's address is its own business",
                        Frames.REQUEST.replace("c0a850c8", "c0a85001"),
                        ArpVerdict.NOT_OURS),
                arguments(
                        "a VIP of another node is that node's",
                        Frames.REQUEST.replace("c0a850c8", "c0a850c9"),
                        ArpVerdict.NOT_MASTER),
                arguments(
                        "the owner announces its VIP: no conflict while we are silent",
                        Frames.CLAIM.replace("c0a850c8", "c0a850c9"),
                        ArpVerdict.NOT_MASTER),
                arguments("IPv4", Frames.REQUEST.replace("0806", "0800"), ArpVerdict.NOT_ARP),
                arguments(
                        "broken hardware type", Frames.REQUEST.replace("0806 0001", "0806 0006"), ArpVerdict.MALFORMED),
                arguments(
                        "an answer to everyone cannot be asked for",
                        Frames.REQUEST.replace("02000000000c c0", "ffffffffffff c0"),
                        ArpVerdict.MALFORMED));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("cases")
    void verdict(String sentence, String frame, ArpVerdict expected) {
        assertEquals(expected, responder.judge(Frames.arp(frame), 42), sentence);
    }

    @Test
    void everyVerdictHasACase() {
        EnumSet<ArpVerdict> seen = EnumSet.noneOf(ArpVerdict.class);
        cases().forEach(each -> seen.add((ArpVerdict) each.get()[2]));
        assertEquals(EnumSet.allOf(ArpVerdict.class), seen);
    }

    @Test
    void everyVerdictHasACounterOfItsOwn() {
        EnumSet<AnnouncerCounter> seen = EnumSet.noneOf(AnnouncerCounter.class);
        for (ArpVerdict verdict : ArpVerdict.values()) {
            seen.add(verdict.counter());
        }
        assertEquals(ArpVerdict.values().length, seen.size());
    }
}
