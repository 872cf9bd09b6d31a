package io.gatun.ha.announce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.ha.role.Role;
import io.gatun.ha.wire.Frames;
import io.gatun.ha.wire.IpSubnet;
import io.gatun.ha.wire.LinkWire;
import io.gatun.ha.wire.MacAddress;
import io.gatun.ha.wire.NdpExamples;
import io.gatun.ha.wire.NeighbourProtocol;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The agent turned by hand, on two interfaces with both protocols: lan holds 2001:db8:80::/64, wan holds 10.0.0.0/8. */
@SuppressWarnings("FutureReturnValueIgnored") // the turn of the agent is what completes them
class AnnouncerIpv6Test {
    private static final MacAddress OTHER = MacAddress.parse("02:00:00:00:00:02");

    private final TestClock clock = new TestClock();
    private final MemoryWire lanArp = new MemoryWire();
    private final MemoryWire lan = new MemoryWire();
    private final MemoryWire wanArp = new MemoryWire();
    private final MemoryWire wan = new MemoryWire();
    private final MemoryWire anew = new MemoryWire();
    private final AnnouncerQueue queue = new AnnouncerQueue(() -> {});
    private final AnnouncerCounters counters = new AnnouncerCounters();
    private final AnnouncerProxy proxy = new AnnouncerProxy(queue, counters);
    private final VipTable vips = new VipTable();
    private final AnnouncerInterface lanLink =
            new AnnouncerInterface("lan", 2, Frames.OURS, List.of(IpSubnet.of(inet("2001:db8:80::1"), 64)));
    private final AnnouncerPorts ports = new AnnouncerPorts(this::open, wires -> {}, vips, counters);
    private final AnnouncerAgent agent = new AnnouncerAgent(ports, vips, clock, queue, counters, 0);
    private final InetAddress vip = inet("2001:db8:80::c8");

    @BeforeEach
    void open() {
        ports.open(lanLink);
        ports.open(new AnnouncerInterface("wan", 3, OTHER, List.of(IpSubnet.of(inet("10.0.0.1"), 8))));
    }

    private LinkWire open(AnnouncerInterface link, NeighbourProtocol protocol) {
        boolean arp = protocol == NeighbourProtocol.ARP;
        return switch (link.ifindex()) {
            case 2 -> arp ? lanArp : lan;
            case 3 -> arp ? wanArp : wan;
            default -> arp ? new MemoryWire() : anew;
        };
    }

    @Test
    void aLinkThatIsMadeAnewJoinsTheGroupsOfTheVips() {
        proxy.addVip(vip);
        runMs(20_000);
        proxy.linkGone(2);
        agent.doWork();
        assertTrue(lan.isClosed());
        proxy.linkUp(() -> new AnnouncerInterface("lan", 7, Frames.OURS, lanLink.subnets()));
        agent.doWork();
        assertEquals(List.of(NdpExamples.ANNOUNCEMENT), anew.takeSent());
        assertEquals(1, anew.groups().size());
    }

    @Test
    void aVipIsAnnouncedAtOnceAndAnswered() {
        proxy.addVip(vip);
        assertEquals(List.of(NdpExamples.ANNOUNCEMENT), runMs(1));
        lan.arrive(NdpExamples.SOLICITATION);
        lan.arrive(NdpExamples.UNICAST_SOLICITATION);
        assertEquals(List.of(NdpExamples.ANSWER, NdpExamples.ANSWER), runMs(1));
        assertEquals(2, proxy.counter(AnnouncerCounter.NDP_ANSWERED));
        assertEquals(1, proxy.counters().get("ndp_announced_frames"));
        assertEquals(List.of(), lanArp.takeSent());
    }

    @Test
    void theScheduleIsThatOfArp() {
        proxy.addVip(vip);
        assertEquals(Collections.nCopies(6, NdpExamples.ANNOUNCEMENT), runMs(6000));
        assertEquals(List.of(NdpExamples.ANNOUNCEMENT), runMs(30_000));
        proxy.linkUp(() -> lanLink);
        assertEquals(Collections.nCopies(6, NdpExamples.ANNOUNCEMENT), runMs(6000));
    }

    @Test
    void aVipIsAnnouncedWhereItsSubnetIsAndAnsweredEverywhere() {
        proxy.addVip(vip);
        agent.doWork();
        assertEquals(List.of(), wan.takeSent());
        wan.arrive(NdpExamples.SOLICITATION);
        agent.doWork();
        assertEquals(1, wan.takeSent().size());
        proxy.addVip(inet("2001:db8:99::c8"));
        agent.doWork();
        assertEquals(1, wan.takeSent().size());
        assertEquals(List.of(), wanArp.takeSent());
    }

    @Test
    void eachFamilySpeaksItsProtocol() {
        proxy.addVip(inet("10.0.0.200"));
        agent.doWork();
        assertEquals(2, wanArp.takeSent().size());
        assertEquals(List.of(), wan.takeSent());
        assertEquals(List.of(), wan.groups());
    }

    @Test
    void aProbeIsAnsweredEachTimeAndDefendedByABurstAtMostOnceInTenSeconds() {
        proxy.addVip(vip);
        runMs(10_000);
        List<String> sent = new ArrayList<>();
        for (int second = 0; second < 10; second++) {
            lan.arrive(NdpExamples.PROBE);
            sent.addAll(runMs(1000));
        }
        assertEquals(Collections.nCopies(10 + 6, NdpExamples.ANNOUNCEMENT), sent);
        assertEquals(10, proxy.counter(AnnouncerCounter.NDP_PROBE));
        assertEquals(1, proxy.counter(AnnouncerCounter.NDP_DEFENDED));
    }

    @Test
    void aClaimIsAnsweredByTheBurstAtMostOnceInTenSeconds() {
        proxy.addVip(vip);
        runMs(10_000);
        List<String> sent = new ArrayList<>();
        for (int second = 0; second < 30; second++) {
            lan.arrive(second % 2 == 0 ? NdpExamples.CLAIM : NdpExamples.SOLICITATION_FROM_THE_VIP);
            sent.addAll(runMs(1000));
        }
        assertEquals(30, proxy.counter(AnnouncerCounter.NDP_CONFLICT));
        assertEquals(3, proxy.counter(AnnouncerCounter.NDP_DEFENDED));
        assertEquals(Collections.nCopies(3 * 6, NdpExamples.ANNOUNCEMENT), sent);
    }

    @Test
    void aBackupIsSilentAndListensAlready() {
        proxy.onBackup(Set.of(vip));
        lan.arrive(NdpExamples.SOLICITATION);
        lan.arrive(NdpExamples.PROBE);
        lan.arrive(NdpExamples.CLAIM);
        assertEquals(List.of(), runMs(40_000));
        assertEquals(2, proxy.counter(AnnouncerCounter.NDP_NOT_MASTER));
        assertEquals(1, proxy.counter(AnnouncerCounter.NDP_NOT_A_SOLICITATION));
        assertEquals(List.of("ff02::1:ff00:c8"), lan.groups());
        proxy.onMaster(Set.of(vip));
        assertEquals(List.of(NdpExamples.ANNOUNCEMENT), runMs(1));
    }

    @Test
    void aGroupIsJoinedOnceForAllThatShareItAndLeftByTheLast() {
        InetAddress endsAlike = inet("2001:db8:81::c8");
        proxy.addVip(vip);
        proxy.addVip(endsAlike);
        proxy.role(vip, Role.BACKUP);
        proxy.role(Role.MASTER);
        runMs(4);
        assertEquals(List.of("ff02::1:ff00:c8"), lan.groups());
        assertEquals(List.of("ff02::1:ff00:c8"), wan.groups());
        assertEquals(List.of(), lanArp.groups());
        proxy.onReleased(Set.of(vip));
        proxy.removeVip(vip);
        runMs(2);
        assertEquals(List.of("ff02::1:ff00:c8"), lan.groups());
        proxy.removeVip(endsAlike);
        runMs(1);
        assertEquals(List.of(), lan.groups());
    }

    @Test
    void aGroupThatCannotBeJoinedIsCounted() {
        lan.down(true);
        proxy.addVip(vip);
        runMs(6000);
        assertEquals(1, proxy.counter(AnnouncerCounter.NDP_JOIN_FAILED));
        assertEquals(6, proxy.counter(AnnouncerCounter.NDP_SEND_FAILED));
        assertEquals(0, proxy.counter(AnnouncerCounter.SEND_FAILED));
        assertEquals(0, proxy.counter(AnnouncerCounter.NDP_ANNOUNCED));
    }

    @Test
    void theAddressOfNobodyIsNoVip() {
        for (String nobody : List.of("0.0.0.0", "::")) {
            assertTrue(proxy.addVip(inet(nobody)).isDone());
            proxy.onMaster(Set.of(inet(nobody)));
            proxy.onReleased(Set.of(inet(nobody)));
        }
        lan.arrive(NdpExamples.PROBE);
        lanArp.arrive(Frames.PROBE);
        assertEquals(List.of(), runMs(10));
        assertEquals(0, vips.size());
        assertEquals(0, proxy.counter(AnnouncerCounter.CONFLICT));
        assertEquals(1, proxy.counter(AnnouncerCounter.NDP_NOT_OURS));
    }

    /** Turns the agent every millisecond. @return what it sent on lan */
    private List<String> runMs(int milliseconds) {
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < milliseconds; i++) {
            agent.doWork();
            sent.addAll(lan.takeSent());
            clock.advanceMs(1);
        }
        return sent;
    }

    private static InetAddress inet(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
