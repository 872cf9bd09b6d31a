package io.gatun.ha.announce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.ha.role.Role;
import io.gatun.ha.wire.Frames;
import io.gatun.ha.wire.IpAddress;
import io.gatun.ha.wire.IpSubnet;
import io.gatun.ha.wire.LinkWire;
import io.gatun.ha.wire.MacAddress;
import io.gatun.ha.wire.NeighbourProtocol;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The agent turned by hand over a wire in memory: lan holds 192.168.80.0/24, wan holds 10.0.0.0/8. */
@SuppressWarnings("FutureReturnValueIgnored") // the turn of the agent is what completes them
class AnnouncerAgentTest {
    private static final List<String> ANNOUNCEMENT = List.of(Frames.GRATUITOUS_REQUEST, Frames.GRATUITOUS_REPLY);

    private static final MacAddress OTHER = MacAddress.parse("02:00:00:00:00:02");

    private final TestClock clock = new TestClock();
    private final MemoryWire lan = new MemoryWire();
    private final MemoryWire wan = new MemoryWire();
    private final AnnouncerQueue queue = new AnnouncerQueue(() -> {});
    private final AnnouncerCounters counters = new AnnouncerCounters();
    private final AnnouncerProxy proxy = new AnnouncerProxy(queue, counters);
    private final Inet4Address vip = ipv4("192.168.80.200");
    private final VipTable vips = new VipTable();
    private final AnnouncerInterface lanLink = link("lan", 2, Frames.OURS, "192.168.80.1", 24);
    private final Map<Integer, MemoryWire> arpWires = new HashMap<>(Map.of(2, lan, 3, wan));
    private final List<LinkWire> waitedFor = new ArrayList<>();
    private final AnnouncerPorts ports = new AnnouncerPorts(this::open, this::waitFor, vips, counters);
    private final AnnouncerAgent agent = new AnnouncerAgent(ports, vips, clock, queue, counters, 0);

    @BeforeEach
    void open() {
        ports.open(lanLink);
        ports.open(link("wan", 3, OTHER, "10.0.0.1", 8));
    }

    private LinkWire open(AnnouncerInterface link, NeighbourProtocol protocol) {
        return protocol == NeighbourProtocol.ARP ? arpWires.get(link.ifindex()) : new MemoryWire();
    }

    private void waitFor(List<LinkWire> wires) {
        waitedFor.clear();
        waitedFor.addAll(wires);
    }

    @Test
    void aLoneNodeServesAtOnce() {
        CompletableFuture<Void> inForce = proxy.addVip(vip);
        assertFalse(inForce.isDone());
        turn();
        assertTrue(inForce.isDone());
        assertEquals(ANNOUNCEMENT, lan.takeSent());
        lan.arrive(Frames.REQUEST);
        turn();
        assertEquals(List.of(Frames.ANSWER), lan.takeSent());
        assertEquals(1, proxy.counter(AnnouncerCounter.ANSWERED));
        assertEquals(2, proxy.counters().get("arp_announced_frames"));
    }

    /** What was asked meanwhile is not answered either: another node may have the VIP by now. */
    @Test
    void afterAFreezeItIsSilentForAnInterval() {
        AnnouncerAgent sharing =
                new AnnouncerAgent(ports, vips, clock, queue, counters, TimeUnit.MILLISECONDS.toNanos(100));
        proxy.addVip(vip);
        sharing.doWork();
        lan.takeSent();
        clock.advanceMs(100);
        sharing.doWork();
        assertEquals(ANNOUNCEMENT, lan.takeSent(), "that was no freeze");

        lan.arrive(Frames.REQUEST);
        clock.advanceMs(1_000);
        for (int i = 0; i < 100; i++) {
            sharing.doWork();
            clock.advanceMs(1);
        }
        assertEquals(List.of(), lan.takeSent());
        assertEquals(1, proxy.counter(AnnouncerCounter.FROZEN));
        lan.arrive(Frames.REQUEST);
        sharing.doWork();
        assertTrue(lan.takeSent().contains(Frames.ANSWER));
    }

    @Test
    void otherTimesHoldForVipsThatAreThereAndForThoseThatCome() {
        proxy.announcements(new AnnouncementTimes(List.of(0L), 1_000));
        proxy.addVip(vip);
        assertEquals(repeated(ANNOUNCEMENT, 4), runMs(3_500));
        proxy.announcements(new AnnouncementTimes(List.of(0L), 2_000));
        assertEquals(repeated(ANNOUNCEMENT, 2), runMs(4_500));
    }

    @Test
    void theBurstIsAnnouncedInBothForms() {
        proxy.addVip(vip);
        assertEquals(repeated(ANNOUNCEMENT, 6), runMs(6000));
        assertEquals(ANNOUNCEMENT, runMs(30_000));
    }

    @Test
    void aVipIsAnnouncedWhereItsSubnetIsAndAnsweredEverywhere() {
        proxy.addVip(vip);
        turn();
        assertEquals(List.of(), wan.takeSent());
        wan.arrive(Frames.REQUEST);
        turn();
        assertEquals(List.of(Frames.ANSWER.replace("020000000001", "020000000002")), wan.takeSent());
    }

    @Test
    void aVipInNoSubnetIsAnnouncedEverywhere() {
        proxy.addVip(ipv4("203.0.113.7"));
        turn();
        assertEquals(2, lan.takeSent().size());
        assertEquals(2, wan.takeSent().size());
    }

    @Test
    void aBackupIsSilent() {
        proxy.role(Role.BACKUP);
        proxy.addVip(vip);
        runMs(2);
        lan.arrive(Frames.REQUEST);
        assertEquals(List.of(), runMs(40_000));
        assertEquals(1, proxy.counter(AnnouncerCounter.NOT_MASTER));
    }

    @Test
    void steppingDownEndsTheBurstAndSteppingUpBeginsItAnew() {
        proxy.addVip(vip);
        assertEquals(repeated(ANNOUNCEMENT, 3), runMs(600));
        proxy.role(vip, Role.BACKUP);
        assertEquals(List.of(), runMs(10_000));
        proxy.role(Role.MASTER);
        assertEquals(repeated(ANNOUNCEMENT, 6), runMs(6000));
    }

    @Test
    void repeatedMasterLinkUpAndWishBeginTheBurstAnew() {
        proxy.addVip(vip);
        runMs(20_000);
        proxy.role(vip, Role.MASTER);
        assertEquals(repeated(ANNOUNCEMENT, 6), runMs(10_000));
        proxy.linkUp(() -> lanLink);
        assertEquals(repeated(ANNOUNCEMENT, 6), runMs(10_000));
        proxy.reannounce();
        assertEquals(repeated(ANNOUNCEMENT, 6), runMs(10_000));
    }

    @Test
    void aLinkThatIsMadeAnewIsAnsweredOnAndToldOfTheVips() {
        proxy.addVip(vip);
        runMs(20_000);
        proxy.linkGone(2);
        assertEquals(List.of(), runMs(40_000));
        assertTrue(lan.isClosed());
        assertFalse(waitedFor.contains(lan));
        MemoryWire anew = new MemoryWire();
        arpWires.put(7, anew);
        proxy.linkUp(() -> link("lan", 7, Frames.OURS, "192.168.80.1", 24));
        turn();
        assertEquals(ANNOUNCEMENT, anew.takeSent());
        assertTrue(waitedFor.contains(anew));
        anew.arrive(Frames.REQUEST);
        turn();
        assertEquals(List.of(Frames.ANSWER), anew.takeSent());
    }

    @Test
    void aRemovedVipIsForgotten() {
        proxy.addVip(vip);
        runMs(1);
        proxy.removeVip(vip);
        lan.arrive(Frames.REQUEST);
        assertEquals(List.of(), runMs(40_000));
        assertEquals(1, proxy.counter(AnnouncerCounter.NOT_OURS));
    }

    @Test
    void aClaimIsAnsweredByTheBurstAtMostOnceInTenSeconds() {
        proxy.addVip(vip);
        runMs(10_000);
        List<String> sent = new ArrayList<>();
        for (int second = 0; second < 30; second++) {
            lan.arrive(Frames.CLAIM);
            sent.addAll(runMs(1000));
        }
        assertEquals(30, proxy.counter(AnnouncerCounter.CONFLICT));
        assertEquals(3, proxy.counter(AnnouncerCounter.DEFENDED));
        assertEquals(repeated(ANNOUNCEMENT, 3 * 6), sent);
    }

    @Test
    void aClaimIsNothingToABackup() {
        proxy.role(vip, Role.BACKUP);
        lan.arrive(Frames.CLAIM);
        assertEquals(List.of(), runMs(1000));
        assertEquals(0, proxy.counter(AnnouncerCounter.CONFLICT));
    }

    @Test
    void ourOwnAnnouncementsSeenOnASiblingInterfaceAreNoConflict() {
        proxy.addVip(vip);
        runMs(1);
        ANNOUNCEMENT.forEach(wan::arrive);
        runMs(1);
        assertEquals(0, proxy.counter(AnnouncerCounter.CONFLICT));
        assertEquals(2, proxy.counter(AnnouncerCounter.OWN_FRAME));
    }

    @Test
    void aFloodDelaysNoAnnouncement() {
        for (int i = 0; i < 1000; i++) {
            lan.arrive(Frames.REQUEST);
        }
        proxy.addVip(vip);
        turn();
        assertEquals(AnnouncerAgent.FRAMES_PER_CYCLE + 2, lan.takeSent().size());
    }

    @Test
    void aThousandVipsAreAnnouncedInBatchesAndNoneIsLeftOut() {
        for (int i = 0; i < 1000; i++) {
            agent.onRole(IpAddress.ofIpv4(0x0a000000 + i), Role.MASTER);
        }
        turn();
        List<String> sent = new ArrayList<>(wan.takeSent());
        assertEquals(2 * AnnouncerAgent.VIPS_PER_CYCLE, sent.size());
        while (agent.doWork() > 0) {
            sent.addAll(wan.takeSent());
        }
        assertEquals(2000, sent.size());
        assertEquals(2000, new HashSet<>(sent).size());
    }

    @Test
    void aDeadLinkIsCountedAndLinkUpBringsTheNews() {
        lan.down(true);
        proxy.addVip(vip);
        runMs(6000);
        assertEquals(12, proxy.counter(AnnouncerCounter.SEND_FAILED));
        assertEquals(0, proxy.counter(AnnouncerCounter.ANNOUNCED));
        assertTrue(proxy.counter(AnnouncerCounter.RECEIVE_FAILED) > 0);
        lan.down(false);
        proxy.linkUp(() -> lanLink);
        assertEquals(repeated(ANNOUNCEMENT, 6), runMs(6000));
    }

    @Test
    void idleMeansIdle() {
        assertEquals(0, agent.doWork());
        proxy.addVip(vip);
        assertTrue(agent.doWork() > 0);
        assertEquals(0, agent.doWork());
    }

    @Test
    void commandsAreRefusedWhenItIsClosed() {
        CompletableFuture<Void> waiting = proxy.addVip(vip);
        agent.onClose();
        assertTrue(lan.isClosed() && wan.isClosed());
        assertThrows(CompletionException.class, waiting::join);
        CompletionException e =
                assertThrows(CompletionException.class, () -> proxy.reannounce().join());
        assertEquals("the announcer is closed", e.getCause().getMessage());
    }

    @Test
    void commandsAreRefusedWhenNobodyWorksThemOff() {
        CompletableFuture<Void> last = proxy.reannounce();
        for (int i = 0; i < 5000; i++) {
            last = proxy.reannounce();
        }
        CompletionException e = assertThrows(CompletionException.class, last::join);
        assertEquals(
                "announcer.commands=4096 are waiting, its thread does not run",
                e.getCause().getMessage());
    }

    private void turn() {
        agent.doWork();
    }

    /** Turns the agent every millisecond. @return what it sent on lan */
    private List<String> runMs(int milliseconds) {
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < milliseconds; i++) {
            turn();
            sent.addAll(lan.takeSent());
            clock.advanceMs(1);
        }
        return sent;
    }

    private static List<String> repeated(List<String> frames, int times) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            all.addAll(frames);
        }
        return all;
    }

    private static AnnouncerInterface link(String name, int ifindex, MacAddress mac, String address, int prefixLength) {
        return new AnnouncerInterface(name, ifindex, mac, List.of(IpSubnet.of(ipv4(address), prefixLength)));
    }

    private static Inet4Address ipv4(String text) {
        try {
            return (Inet4Address) InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
