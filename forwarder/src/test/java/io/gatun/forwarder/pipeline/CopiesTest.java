package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.FIN;
import static io.gatun.forwarder.packet.Packets.PSH;
import static io.gatun.forwarder.packet.Packets.RST;
import static io.gatun.forwarder.packet.Packets.SYN;
import static io.gatun.forwarder.packet.Packets.echo;
import static io.gatun.forwarder.packet.Packets.echoReply;
import static io.gatun.forwarder.packet.Packets.ip;
import static io.gatun.forwarder.packet.Packets.low;
import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.sctp;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.packet.Packets.udp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.CLIENT6;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.E2;
import static io.gatun.forwarder.pipeline.Lan.E61;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static io.gatun.forwarder.pipeline.Lan.VIP6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.control.ConnectionExchange;
import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.Packets;
import io.gatun.forwarder.packet.WireFrame;
import io.gatun.forwarder.sync.TableExchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections of one node that another one has copies of. */
class CopiesTest {
    private static final int CLIENT_SYN = 1_000;
    private static final int ENDPOINT_SYN = 500_000;

    /** Further than any number is followed. */
    private static final int FAR = 500_000_000;

    private PipelineRig a;
    private PipelineRig b;
    private TableExchange exchangeA;
    private TableExchange exchangeB;
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[4_096]);

    enum Kind {
        IPV4(CLIENT, VIP, E1, VIP),
        IPV6(CLIENT6, VIP6, E61, VIP6),
        NAT64(CLIENT6, VIP6, E1, VIP);

        final String client;
        final String vip;
        final String endpoint;
        final String source;

        Kind(String client, String vip, String endpoint, String source) {
            this.client = client;
            this.vip = vip;
            this.endpoint = endpoint;
            this.source = source;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCopyOfTcpForwardsAsTheOriginal(Kind kind) {
        int port = establish(kind);
        assertEquals("est est", b.states());
        assertEquals(List.of(true, true), copies(b));

        Packet data = client(kind, PSH | ACK, 1, 1).payload(payload(100));
        Packet answer = endpoint(kind, port, PSH | ACK, 1, 101).payload(payload(200));
        same(data);
        assertEquals(1, copies(b).stream().filter(copy -> copy).count());
        same(answer);
        assertEquals(List.of(false, false), copies(b));
        same(client(kind, FIN | ACK, 101, 201));
        same(endpoint(kind, port, FIN | ACK, 201, 102));
        assertEquals("fini fini", b.states());
    }

    @ParameterizedTest
    @EnumSource
    void aCopyOfUdpForwardsAsTheOriginal(Kind kind) {
        start(ServiceDraft.udp(kind.vip, 53).snat(kind.source, 1_024, 65_535).endpoint(kind.endpoint, 5353));
        Packet question = udp(kind.client, 40_000, kind.vip, 53).payload(payload(20));
        int port = a.receiveOne(question).sourcePort();
        pass();
        assertEquals("udp-uni udp-uni", b.states());
        Packet answer = udp(kind.endpoint, 5353, kind.source, port).payload(payload(30));
        a.receiveOne(answer);
        pass();
        assertEquals("udp-est udp-est", b.states());

        same(question);
        same(answer);
    }

    /** Its verification tags come along: an ABORT with another one changes nothing. */
    @ParameterizedTest
    @EnumSource
    void aCopyOfSctpForwardsAsTheOriginal(Kind kind) {
        start(ServiceDraft.sctp(kind.vip, 80).snat(kind.source, 1_024, 65_535).endpoint(kind.endpoint, 8080));
        byte[] tag = {0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        int port = a.receiveOne(sctp(kind.client, 40_000, kind.vip, 80).chunk(1, 0, tag))
                .sourcePort();
        a.receiveOne(
                sctp(kind.endpoint, 8080, kind.source, port).verificationTag(7).chunk(2, 0, tag));
        a.receiveOne(sctp(kind.client, 40_000, kind.vip, 80).verificationTag(7).chunk(10, 0, new byte[8]));
        a.receiveOne(
                sctp(kind.endpoint, 8080, kind.source, port).verificationTag(7).chunk(11, 0));
        pass();
        assertEquals("est est", b.states());

        same(sctp(kind.client, 40_000, kind.vip, 80).verificationTag(8).chunk(6, 0));
        assertEquals("est est", b.states());
        same(sctp(kind.endpoint, 8080, kind.source, port).verificationTag(7).chunk(6, 0));
        assertEquals("abort abort", b.states());
    }

    @ParameterizedTest
    @EnumSource
    void aCopyOfEchoForwardsAsTheOriginal(Kind kind) {
        start(ServiceDraft.icmp(kind.vip).snat(kind.source, 1_024, 65_535).endpoint(kind.endpoint, 0));
        Packet request = echo(kind.client, kind.vip, 77, 1).payload(payload(40));
        int identifier = a.receiveOne(request).unsignedShort(icmpOffset(kind) + 4);
        pass();
        same(request);
        same(echoReply(kind.endpoint, kind.source, identifier, 1).payload(payload(40)));
    }

    /** Where the ICMP message of a frame towards the endpoint begins. */
    private static int icmpOffset(Kind kind) {
        return kind == Kind.IPV6 ? 54 : 34;
    }

    /** The note about a client comes along, for the endpoint and not for its number. */
    @ParameterizedTest
    @EnumSource
    void aPersistentClientStaysWithItsEndpoint(Kind kind) {
        String other = kind == Kind.IPV6 ? Lan.E62 : E2;
        ServiceDraft service =
                ServiceDraft.udp(kind.vip, 53).snat(kind.source, 1_024, 65_535).sticky();
        start(service.endpoint(kind.endpoint, 53));
        int port = a.receiveOne(udp(kind.client, 1, kind.vip, 53)).sourcePort();
        a.receiveOne(udp(kind.endpoint, 53, kind.source, port));
        b.rules(ServiceDraft.udp(kind.vip, 53)
                .snat(kind.source, 1_024, 65_535)
                .sticky()
                .endpoint(other, 53)
                .endpoint(kind.endpoint, 53));
        pass();

        for (int i = 0; i < 20; i++) {
            WireFrame sent = b.receiveOne(udp(kind.client, 100 + i, kind.vip, 53));
            assertEquals(macOf(kind.endpoint), sent.unsignedByte(5));
        }
    }

    /** The last byte of the MAC that a host of the tests' network has. */
    private static int macOf(String host) {
        return (int) Packets.macOf(host.contains(":") ? (int) low(host) : ip(host)) & 0xFF;
    }

    @Test
    void aStandbyRefusesWhatItHasNoCopyOf() {
        establish(Kind.IPV4);
        b.rules(ServiceDraft.tcp(VIP, 80).standby().endpoint(E1, 8080));
        assertEquals(List.of(), b.receive(tcp(CLIENT, 40_001, VIP, 80)));
        assertEquals(1, b.receive(client(Kind.IPV4, ACK, 1, 1)).size());
    }

    @ParameterizedTest
    @EnumSource
    void aCopyLearnsWhereTheStreamIs(Kind kind) {
        int port = establish(kind);

        b.receiveOne(endpoint(kind, port, PSH | ACK, FAR, 300).payload(payload(1_000)));
        b.receiveOne(client(kind, ACK, 300, FAR + 1_000));
        b.receiveOne(client(kind, RST, 12_345, 0));
        assertEquals("est est", b.states());
        b.receiveOne(endpoint(kind, port, FIN | ACK, FAR + 1_000, 300));
        assertEquals("closed-wait closed-wait", b.states());
        b.receiveOne(client(kind, FIN | ACK, 300, FAR + 1_001));
        assertEquals("fini fini", b.states());
    }

    @Test
    void whoForgesTheFirstSegmentCannotEndTheConnectionByIt() {
        int port = establish(Kind.IPV4);

        b.receiveOne(client(Kind.IPV4, ACK, FAR, FAR));
        b.receiveOne(client(Kind.IPV4, RST, FAR, 0));
        assertEquals("est est", b.states());
        b.receiveOne(endpoint(Kind.IPV4, port, PSH | ACK, 1, 1).payload(payload(10)));
        b.receiveOne(endpoint(Kind.IPV4, port, RST, FAR, 0));
        assertEquals("est est", b.states());
    }

    @Test
    void aResetOfAnIdleConnectionIsBelievedByTheNumbersOfTheOtherNode() {
        int port = establish(Kind.IPV4);
        b.receiveOne(endpoint(Kind.IPV4, port, RST, 1, 0));
        assertEquals("closed closed", b.states());
    }

    @Test
    void whoSeesThePacketsHasTheConnection() {
        int port = establish(Kind.IPV4);
        a.advance(5, TimeUnit.SECONDS);
        b.advance(5, TimeUnit.SECONDS);
        b.receiveOne(client(Kind.IPV4, FIN | ACK, 1, 1));
        pass(exchangeB, exchangeA);
        assertEquals(List.of(true, true), copies(a));
        assertEquals("closed-wait closed-wait", a.states());

        b.receiveOne(endpoint(Kind.IPV4, port, FIN | ACK, 1, 2));
        pass(exchangeB, exchangeA);
        assertEquals("fini fini", a.states());
        assertEquals("", carried(exchangeA));
    }

    /** Both nodes were active for a moment, and gave one source port to two clients. */
    @Test
    void ofTwoConnectionsWithOneTupleTheYoungerStays() {
        ServiceDraft narrow = ServiceDraft.udp(VIP, 53).snat(VIP, 2_000, 2_000).endpoint(E1, 53);
        start(narrow);
        a.receiveOne(udp(CLIENT, 1, VIP, 53));
        a.advance(3, TimeUnit.SECONDS);
        b.advance(3, TimeUnit.SECONDS);
        b.receiveOne(udp(CLIENT, 2, VIP, 53));

        pass(exchangeA, exchangeB);
        pass(exchangeB, exchangeA);

        assertEquals(2, a.flows().liveCount());
        assertEquals(2, b.flows().liveCount());
        assertEquals(1, a.receive(udp(CLIENT, 2, VIP, 53)).size());
        assertEquals(2, a.flows().liveCount());
    }

    @Test
    void halfOpenCopiesAreCountedAndForgotten() {
        start(ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080));
        int port = a.receiveOne(client(Kind.IPV4, SYN, 0, 0)).sourcePort();
        pass();
        assertEquals(1, b.shared().halfOpen().total());
        shakeHands(Kind.IPV4, port);
        assertEquals("est est", b.states());
        assertEquals(0, b.shared().halfOpen().total());
    }

    /** The ids of endpoints depend on what a node has been through. */
    @Test
    void theEndpointIsFoundByItsAddress() {
        a = PipelineRig.exchanging(
                new TableLayout(1, 64),
                256,
                ServiceDraft.udp(VIP, 53).endpoint(E1, 53).endpoint(E2, 53));
        b = PipelineRig.exchanging(
                new TableLayout(1, 64),
                256,
                ServiceDraft.udp(VIP, 53).endpoint(E2, 53).endpoint(E1, 53));
        exchangeA = a.exchange();
        exchangeB = b.exchange();
        a.receiveOne(udp(CLIENT, 1, VIP, 53));
        pass();
        assertNotEquals(endpointIndex(a), endpointIndex(b));
    }

    /** A source of the other node's own does not come along when it dies. */
    @Test
    void aConnectionWhoseSourceIsNotOursIsNotTaken() {
        start(ServiceDraft.udp(VIP, 53).snat(Lan.NODE, 10_000, 20_000).endpoint(E1, 53));
        b.rules(ServiceDraft.udp(VIP, 53).snat("192.168.80.6", 10_000, 20_000).endpoint(E1, 53));
        a.receiveOne(udp(CLIENT, 1, VIP, 53));
        pass();
        assertEquals(0, b.flows().liveCount());
        assertEquals(1, b.count("sync_unplaced"));
    }

    @Test
    void aWalkShowsAllAndARefreshWhatIsUsed() {
        start(ServiceDraft.udp(VIP, 53).endpoint(E1, 53));
        for (int i = 0; i < 500; i++) {
            a.receiveOne(udp(CLIENT, 1_000 + i, VIP, 53));
        }
        while (exchangeA.drain(bytes, 0, 1_336) > 0) {} // lost on its way
        walk(exchangeA.walk());
        assertEquals(1_000, b.flows().liveCount());

        a.advance(1, TimeUnit.SECONDS);
        ConnectionExchange.Walk refresh = exchangeA.refresh();
        assertEquals(0, walk(refresh));
        a.receiveOne(udp(CLIENT, 1_007, VIP, 53));
        a.advance(1, TimeUnit.MILLISECONDS);
        assertEquals(1, walk(refresh));
    }

    @Test
    void noBytesBreakTheTable() {
        start(
                ServiceDraft.udp(VIP, 53).endpoint(E1, 53),
                ServiceDraft.tcp(VIP6, 80).endpoint(E61, 8080));
        a.receiveOne(udp(CLIENT, 1, VIP, 53));
        a.receiveOne(tcp(CLIENT6, 2, VIP6, 80).flags(SYN));
        byte[] sound = new byte[exchangeA.drain(bytes, 0, 1_336)];
        bytes.getBytes(0, sound);
        Random random = new Random(11);
        for (int i = 0; i < 100_000; i++) {
            byte[] damaged = sound.clone();
            for (int n = random.nextInt(6); n >= 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            exchangeB.apply(new UnsafeBuffer(damaged), 0, 1 + random.nextInt(damaged.length));
        }
        b.flows()
                .forEachLive(
                        (flow, slot) -> {
                            if (FlowStates.isConnection(flow.tcpState())) {
                                assertEquals(slot, b.flows().partner(b.flows().partner(slot)));
                            }
                        },
                        Integer.MAX_VALUE);
    }

    private void start(ServiceDraft... services) {
        a = PipelineRig.exchanging(new TableLayout(1, 256), 256, services);
        b = PipelineRig.exchanging(new TableLayout(1, 256), 256, services);
        exchangeA = a.exchange();
        exchangeB = b.exchange();
    }

    private int establish(Kind kind) {
        start(ServiceDraft.tcp(kind.vip, 80).snat(kind.source, 1_024, 65_535).endpoint(kind.endpoint, 8080));
        int port = a.receiveOne(client(kind, SYN, 0, 0)).sourcePort();
        shakeHands(kind, port);
        return port;
    }

    private void shakeHands(Kind kind, int port) {
        a.receiveOne(endpoint(kind, port, SYN | ACK, 0, 1));
        a.receiveOne(client(kind, ACK, 1, 1));
        pass();
    }

    /** A segment of the client; numbers are relative to the SYNs, which are 0. */
    private static Packet client(Kind kind, int flags, int sequence, int acknowledged) {
        return tcp(kind.client, 40_000, kind.vip, 80)
                .flags(flags)
                .sequence(CLIENT_SYN + sequence)
                .acknowledgment((flags & ACK) == 0 ? 0 : ENDPOINT_SYN + acknowledged);
    }

    private static Packet endpoint(Kind kind, int port, int flags, int sequence, int acknowledged) {
        return tcp(kind.endpoint, 8080, kind.source, port)
                .flags(flags)
                .sequence(ENDPOINT_SYN + sequence)
                .acknowledgment((flags & ACK) == 0 ? 0 : CLIENT_SYN + acknowledged);
    }

    private void same(Packet packet) {
        WireFrame original = a.receiveOne(packet);
        assertEquals(numberless(original), numberless(b.receiveOne(packet)));
    }

    /** Without the identification, which NAT64 makes up, and the header checksum over it. */
    private static WireFrame numberless(WireFrame frame) {
        byte[] bytes = frame.bytes();
        if (!frame.isIpv6()) {
            for (int field : new int[] {4, 10}) {
                bytes[frame.ip() + field] = 0;
                bytes[frame.ip() + field + 1] = 0;
            }
        }
        return new WireFrame(bytes, frame.offload());
    }

    private void pass() {
        pass(exchangeA, exchangeB);
    }

    private void pass(TableExchange from, TableExchange to) {
        int length;
        while ((length = from.drain(bytes, 0, 1_336)) > 0) {
            to.apply(bytes, 0, length);
        }
    }

    private String carried(TableExchange from) {
        int length = from.drain(bytes, 0, 1_336);
        return length == 0 ? "" : length + " bytes";
    }

    /** One round, all of it to B. @return records */
    private int walk(ConnectionExchange.Walk walk) {
        int records = 0;
        do {
            int length = walk.next(bytes, 0, 1_336, 4);
            records += exchangeB.apply(bytes, 0, length);
        } while (!walk.isAtEnd());
        return records;
    }

    private static List<Boolean> copies(PipelineRig rig) {
        List<Boolean> copies = new ArrayList<>();
        rig.flows().forEachLive((flow, slot) -> copies.add(flow.isCopy()), Integer.MAX_VALUE);
        return copies;
    }

    private static int endpointIndex(PipelineRig rig) {
        int[] index = new int[1];
        rig.flows().forEachLive((FlowSlot flow, long slot) -> index[0] = flow.endpointIndex(), Integer.MAX_VALUE);
        return index[0];
    }
}
