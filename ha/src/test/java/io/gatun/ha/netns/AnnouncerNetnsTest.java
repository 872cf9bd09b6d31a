package io.gatun.ha.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.ha.announce.AnnouncerCounter;
import io.gatun.ha.wire.Frames;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/** The announcer on a real link, judged by the neighbour table of another kernel and by tcpdump. */
@Tag("netns")
@Timeout(180)
@EnabledIf(
        value = "io.gatun.ha.netns.Namespaces#available",
        disabledReason = "network namespaces need root and /usr/sbin/ip (package iproute2)")
class AnnouncerNetnsTest {
    private static final String VIP = "192.168.80.200";
    private static final String VIP_HEX = "c0a850c8";
    private static final String NODE_HEX = "c0a85001";

    private Namespaces namespaces;
    private AnnouncerProcess announcer;
    private ArpCapture capture;

    @BeforeEach
    void start() throws Exception {
        namespaces = new Namespaces();
        announcer = new AnnouncerProcess(namespaces, namespaces.node);
        capture = new ArpCapture(namespaces, namespaces.peer, "arp");
    }

    @AfterEach
    void end() {
        if (namespaces != null) {
            namespaces.close();
        }
    }

    @Test
    void theKernelOfAnotherHostLearnsTheVipByAsking() throws Exception {
        announcer.say("add " + VIP);
        ask(VIP);
        announcer.await(AnnouncerCounter.ANSWERED, 1);
        ArpCapture.Captured frame = capture.await(announcer.mac(), VIP_HEX);
        while (frame.hex().startsWith("ffffffffffff")) {
            frame = capture.await(announcer.mac(), VIP_HEX);
        }
        assertTrue(neighbours().contains(VIP + " dev lan0 lladdr " + announcer.mac()), neighbours());
    }

    @Test
    void aBurstHasBothFormsInTurnSixTimes() throws Exception {
        announcer.say("add " + VIP);
        String mac = announcer.mac().replace(":", "");
        Map<Integer, String> forms = Map.of(
                0, "ffffffffffff " + mac + " 0806 0001 0800 06 04 0001 " + mac + " c0a850c8 000000000000 c0a850c8",
                1, "ffffffffffff " + mac + " 0806 0001 0800 06 04 0002 " + mac + " c0a850c8 " + mac + " c0a850c8");
        long lastUs = 0;
        for (int i = 0; i < 12; i++) {
            ArpCapture.Captured frame = capture.await(announcer.mac(), VIP_HEX);
            assertEquals(forms.get(i % 2), frame.hex());
            assertTrue(frame.atUs() >= lastUs);
            lastUs = frame.atUs();
        }
    }

    @Test
    void anAnnouncementMovesTheVipInANeighbourTableThatKnewAnotherMac() throws Exception {
        Namespaces.in(
                namespaces.peer,
                "ip",
                "neigh",
                "add",
                VIP,
                "lladdr",
                "02:00:00:00:00:aa",
                "dev",
                "lan0",
                "nud",
                "stale");
        announcer.say("add " + VIP);
        capture.await(announcer.mac(), VIP_HEX);
        capture.await(announcer.mac(), VIP_HEX);
        assertTrue(neighbours().contains(VIP + " dev lan0 lladdr " + announcer.mac()), neighbours());
    }

    @Test
    void aBackupIsSilentAndSoIsAMasterAboutForeignAddresses() throws Exception {
        announcer.say("role BACKUP");
        announcer.say("add " + VIP);
        ask(VIP);
        announcer.await(AnnouncerCounter.NOT_MASTER, 1);
        ask("192.168.80.77");
        announcer.await(AnnouncerCounter.NOT_OURS, 1);
        assertNothingButTheKernelSpeaks();
        announcer.say("role MASTER");
        capture.await(announcer.mac(), VIP_HEX);
        ask("192.168.80.78");
        announcer.await(AnnouncerCounter.NOT_OURS, 2);
        assertFalse(neighbours().contains("192.168.80.77 dev lan0 lladdr"), neighbours());
        assertFalse(neighbours().contains("192.168.80.78 dev lan0 lladdr"), neighbours());
    }

    @Test
    void aQuestionInAVlanIsNotAnsweredOutsideIt() throws Exception {
        announcer.say("add " + VIP);
        AnnouncerProcess sender = new AnnouncerProcess(namespaces, namespaces.peer);
        ArpCapture tagged = new ArpCapture(namespaces, namespaces.node, "vlan", "5");
        sender.say("send " + Frames.REQUEST.replace("0806", "810000050806").replace(" ", ""));
        tagged.await(" 8100 0005 0806 ");
        sender.say("send " + Frames.REQUEST.replace("c0a850c8", "c0a8504d").replace(" ", ""));
        announcer.await(AnnouncerCounter.NOT_OURS, 1);
        assertEquals(0, announcer.counter(AnnouncerCounter.ANSWERED));
    }

    @Test
    void aClaimantOfTheVipIsAnsweredByABurst() throws Exception {
        announcer.say("add " + VIP);
        AnnouncerProcess claimant = new AnnouncerProcess(namespaces, namespaces.peer);
        for (int i = 0; i < 12; i++) {
            capture.await(announcer.mac(), VIP_HEX);
        }
        claimant.say("send " + Frames.CLAIM.replace(" ", ""));
        announcer.await(AnnouncerCounter.DEFENDED, 1);
        capture.await(Frames.CLIENT.toString(), VIP_HEX);
        capture.await(announcer.mac(), VIP_HEX);
        capture.await(announcer.mac(), VIP_HEX);
        assertEquals(1, announcer.counter(AnnouncerCounter.CONFLICT));
    }

    @Test
    void aLinkThatComesBackIsAnnouncedOnAndAnsweredOn() throws Exception {
        Namespaces.in(namespaces.node, "ip", "link", "set", "lan0", "down");
        announcer.await(AnnouncerCounter.RECEIVE_FAILED, 1);
        announcer.say("add " + VIP);
        announcer.await(AnnouncerCounter.SEND_FAILED, 2);
        Namespaces.in(namespaces.node, "ip", "link", "set", "lan0", "up");
        announcer.say("linkUp");
        capture.await(announcer.mac(), VIP_HEX);
        Namespaces.in(namespaces.peer, "ip", "neigh", "flush", "dev", "lan0");
        ask(VIP);
        announcer.await(AnnouncerCounter.ANSWERED, 1);
    }

    @Test
    void twoMastersSeeEachOther() throws Exception {
        AnnouncerProcess other = new AnnouncerProcess(namespaces, namespaces.peer);
        announcer.say("add " + VIP);
        other.say("add " + VIP);
        announcer.await(AnnouncerCounter.DEFENDED, 1);
        other.await(AnnouncerCounter.DEFENDED, 1);
        announcer.await(AnnouncerCounter.CONFLICT, 2);
    }

    /** The node's own address, asked after everything else, is answered by the kernel: a mark in the capture. */
    private void assertNothingButTheKernelSpeaks() throws Exception {
        ask("192.168.80.1");
        assertTrue(capture.await(announcer.mac(), NODE_HEX).hex().contains(NODE_HEX));
        assertEquals(0, announcer.counter(AnnouncerCounter.ANSWERED));
        assertEquals(0, announcer.counter(AnnouncerCounter.ANNOUNCED));
    }

    /** Makes the peer's kernel look for an address. */
    private void ask(String address) {
        Namespaces.in(namespaces.peer, "bash", "-c", "echo > /dev/udp/" + address + "/9");
    }

    private String neighbours() {
        return Namespaces.in(namespaces.peer, "ip", "neigh", "show");
    }
}
