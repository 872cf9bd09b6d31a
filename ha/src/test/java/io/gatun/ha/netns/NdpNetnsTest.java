package io.gatun.ha.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.ha.announce.AnnouncerCounter;
import io.gatun.ha.wire.NdpExamples;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/** VIPs of IPv6 on a real link, judged by the neighbour table of another kernel. */
@Tag("netns")
@Timeout(180)
@EnabledIf(
        value = "io.gatun.ha.netns.Namespaces#available",
        disabledReason = "network namespaces need root and /usr/sbin/ip (package iproute2)")
class NdpNetnsTest {
    private static final String VIP = "2001:db8:80::c8";
    private static final String FOREIGN_MAC = "02:00:00:00:00:aa";

    private Namespaces namespaces;
    private AnnouncerProcess announcer;

    @BeforeEach
    void start() throws Exception {
        namespaces = new Namespaces();
        address(namespaces.node, "2001:db8:80::1/64", "nodad");
        address(namespaces.peer, "2001:db8:80::10/64", "nodad");
        announcer = new AnnouncerProcess(namespaces, namespaces.node);
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
        announcer.await(AnnouncerCounter.NDP_ANSWERED, 1);
        awaitNeighbour(announcer.mac() + " REACHABLE");
        assertEquals(0, announcer.counter(AnnouncerCounter.NDP_BAD_CHECKSUM));
    }

    @Test
    void theGroupOfTheVipIsJoinedForTheCardAndReportedToSwitches() throws Exception {
        announcer.say("add " + VIP);
        String groups = groups();
        assertTrue(groups.contains("33:33:ff:00:00:c8 users 2"), groups);
        assertTrue(groups.contains("ff02::1:ff00:c8"), groups);
        announcer.say("remove " + VIP);
        assertFalse(groups().contains("ff00:c8"), groups());
        assertFalse(groups().contains("33:33:ff:00:00:c8"), groups());
    }

    @Test
    void anAnnouncementMovesTheVipInANeighbourTableThatKnewAnotherMac() throws Exception {
        Namespaces.in(
                namespaces.peer, "ip", "neigh", "add", VIP, "lladdr", FOREIGN_MAC, "dev", "lan0", "nud", "reachable");
        announcer.say("add " + VIP);
        awaitNeighbour(announcer.mac());
        assertEquals(0, announcer.counter(AnnouncerCounter.NDP_ANSWERED));
    }

    @Test
    void theVipIsFollowedToTheNextMaster() throws Exception {
        announcer.say("add " + VIP);
        ask(VIP);
        awaitNeighbour(announcer.mac() + " REACHABLE");
        announcer.say("role BACKUP");
        Namespaces.in(namespaces.node, "ip", "link", "set", "lan0", "address", FOREIGN_MAC);
        AnnouncerProcess next = new AnnouncerProcess(namespaces, namespaces.node);
        assertEquals(FOREIGN_MAC, next.mac());
        next.say("add " + VIP);
        awaitNeighbour(FOREIGN_MAC);
    }

    @Test
    void aNodeWithoutIpv6OnTheInterfaceAnswersAllTheSame() throws Exception {
        Namespaces.in(namespaces.node, "sysctl", "-w", "net.ipv6.conf.lan0.disable_ipv6=1");
        announcer.say("add " + VIP);
        assertTrue(groups().contains("33:33:ff:00:00:c8"), groups());
        ask(VIP);
        awaitNeighbour(announcer.mac() + " REACHABLE");
        assertEquals(0, announcer.counter(AnnouncerCounter.NDP_JOIN_FAILED));
    }

    @Test
    void aBackupIsSilentAndSoIsAMasterAboutForeignAddresses() throws Exception {
        announcer.say("role BACKUP");
        announcer.say("add " + VIP);
        ask(VIP);
        announcer.await(AnnouncerCounter.NDP_NOT_MASTER, 1);
        announcer.say("role MASTER");
        ask("2001:db8:80::4d");
        // Nobody joined the group of this address; veth delivers it all the same.
        announcer.await(AnnouncerCounter.NDP_NOT_OURS, 1);
        assertEquals(0, announcer.counter(AnnouncerCounter.NDP_ANSWERED));
        assertFalse(neighbours().contains("80::4d dev lan0 lladdr"), neighbours());
    }

    @Test
    void aHostThatWantsTheVipFindsItTaken() throws Exception {
        announceInPeace();
        address(namespaces.peer, VIP + "/64");
        announcer.await(AnnouncerCounter.NDP_DEFENDED, 1);
        await("dadfailed", "ip", "-6", "addr", "show", "dev", "lan0");
        assertTrue(announcer.counter(AnnouncerCounter.NDP_PROBE) >= 1);
    }

    @Test
    void aClaimIsDefendedAndTheNeighbourTableComesBack() throws Exception {
        announceInPeace();
        ask(VIP);
        awaitNeighbour(announcer.mac());
        AnnouncerProcess claimant = new AnnouncerProcess(namespaces, namespaces.peer);
        Namespaces.in(
                namespaces.peer, "ip", "neigh", "replace", VIP, "lladdr", FOREIGN_MAC, "dev", "lan0", "nud", "stale");
        claimant.say("send " + NdpExamples.CLAIM.replace(" ", ""));
        announcer.await(AnnouncerCounter.NDP_DEFENDED, 1);
        assertEquals(1, announcer.counter(AnnouncerCounter.NDP_CONFLICT));
        awaitNeighbour(announcer.mac());
    }

    @Test
    void aQuestionInAVlanIsNotAnsweredOutsideIt() throws Exception {
        announcer.say("add " + VIP);
        AnnouncerProcess sender = new AnnouncerProcess(namespaces, namespaces.peer);
        sender.say("send "
                + NdpExamples.SOLICITATION.replace("86dd", "8100000586dd").replace(" ", ""));
        String foreign = NdpExamples.SOLICITATION.replace("000000c8 01", "0000004d 01");
        sender.say("send " + NdpExamples.sealed(foreign));
        announcer.await(AnnouncerCounter.NDP_NOT_OURS, 1);
        assertEquals(0, announcer.counter(AnnouncerCounter.NDP_ANSWERED));
    }

    /** Returns after the burst, so that what comes next has another cause: a host that probes gives up at any of it. */
    private void announceInPeace() throws Exception {
        announcer.say("add " + VIP);
        announcer.await(AnnouncerCounter.NDP_ANNOUNCED, 6);
    }

    private static void address(String namespace, String address, String... more) {
        String[] command = {"ip", "-6", "addr", "add", address, "dev", "lan0"};
        String[] all = Arrays.copyOf(command, command.length + more.length);
        System.arraycopy(more, 0, all, command.length, more.length);
        Namespaces.in(namespace, all);
    }

    /** Makes the peer's kernel look for an address. */
    private void ask(String address) {
        Namespaces.in(namespaces.peer, "bash", "-c", "echo > /dev/udp/" + address + "/9");
    }

    private String groups() {
        return Namespaces.in(namespaces.node, "ip", "maddr", "show", "dev", "lan0");
    }

    private String neighbours() {
        return Namespaces.in(namespaces.peer, "ip", "-6", "neigh", "show");
    }

    private void awaitNeighbour(String macAndState) {
        await(VIP + " dev lan0 lladdr " + macAndState, "ip", "-6", "neigh", "show");
    }

    /** Returns when the peer's answer to a command contains the text. */
    private void await(String text, String... command) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        String answer = Namespaces.in(namespaces.peer, command);
        while (!answer.contains(text)) {
            assertTrue(System.nanoTime() - deadlineNs < 0, text + " does not appear in " + answer);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            answer = Namespaces.in(namespaces.peer, command);
        }
    }
}
