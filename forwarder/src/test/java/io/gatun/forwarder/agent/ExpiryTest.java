package io.gatun.forwarder.agent;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.FIN;
import static io.gatun.forwarder.packet.Packets.PSH;
import static io.gatun.forwarder.packet.Packets.RST;
import static io.gatun.forwarder.packet.Packets.SYN;
import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.packet.Packets.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.control.Settings;
import io.gatun.forwarder.nat.PortSpace;
import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.WireFrame;
import io.gatun.forwarder.pipeline.Lan;
import io.gatun.forwarder.pipeline.MemoryEgress;
import io.gatun.forwarder.pipeline.PipelineRig;
import io.gatun.forwarder.pipeline.ServiceDraft;
import io.gatun.forwarder.sync.TableExchange;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;

/** How long each kind of connection is remembered, and what is said at the end: contract sections 3.3 and 3.6. */
class ExpiryTest {
    private final ServiceBook book = new ServiceBook();
    private final CurrentSettings settings = new CurrentSettings(Settings.DEFAULT);
    private final PipelineRig rig = new PipelineRig();
    private final AtomicCounter connections = new AtomicCounter(new UnsafeBuffer(new byte[128]), 0);
    private final Expiry expiry = new Expiry(rig.shared(), book, connections, settings);

    private String client = Lan.CLIENT;
    private String vip = Lan.VIP;
    private String endpoint = Lan.E1;
    private int port;

    @Test
    void anIdleConnectionEndsAfterTheServicesTimeoutAndBothEndsAreToldSo() {
        establish(240);
        pass(239);
        assertEquals(2, rig.flows().liveCount());
        assertEquals(1, connections.get());
        assertEquals(List.of(), told());

        pass(4);

        assertEquals(0, rig.flows().liveCount());
        assertEquals(0, connections.get());
        assertTold();
        assertEquals(2, rig.count("idle_resets_sent"));
    }

    @Test
    void otherNodesAreToldOfTheEnd() {
        PipelineRig master = PipelineRig.exchanging(
                new TableLayout(1, 64), 64, ServiceDraft.udp(Lan.VIP, 53).endpoint(Lan.E1, 53));
        PipelineRig standby = PipelineRig.exchanging(new TableLayout(1, 64), 64);
        TableExchange told = standby.exchange();
        TableExchange telling = master.exchange();
        master.receive(udp(Lan.CLIENT, 7, Lan.VIP, 53));
        hear(telling, told);
        assertEquals(2, standby.flows().liveCount());

        Expiry ofMaster = new Expiry(master.shared(), book, connections, settings);
        while (master.flows().liveCount() > 0) {
            ofMaster.sweep(master.advance(1, TimeUnit.MILLISECONDS).nowNs());
        }
        hear(telling, told);
        assertEquals(0, standby.flows().liveCount());
    }

    private static void hear(TableExchange telling, TableExchange told) {
        UnsafeBuffer records = new UnsafeBuffer(new byte[1_000]);
        told.apply(records, 0, telling.drain(records, 0, 1_000));
    }

    @Test
    void theSameOverIpv6() {
        client = Lan.CLIENT6;
        vip = Lan.VIP6;
        endpoint = Lan.E61;
        establish(20);
        pass(24);
        assertEquals(0, rig.flows().liveCount());
        assertTold();
    }

    @Test
    void aChangedTimeoutHoldsForLiveConnections() {
        establish(1_800);
        pass(100);
        assertEquals(2, rig.flows().liveCount());
        service(Protocol.TCP, 60);
        pass(3);
        assertEquals(0, rig.flows().liveCount());

        establish(10);
        service(Protocol.TCP, 1_800);
        pass(100);
        assertEquals(2, rig.flows().liveCount());
    }

    @Test
    void aHalfClosedConnectionIsLikeAnEstablishedOne() {
        establish(240);
        rig.receiveOne(fromClient(FIN | ACK).sequence(1_011).acknowledgment(7_021));
        pass(239);
        assertEquals("closed-wait closed-wait", rig.states());
        pass(4);
        assertEquals(2, told().size());
    }

    @Test
    void whatIsNotOrNoLongerEstablishedGoesAfterTenSecondsInSilence() {
        service(Protocol.TCP, 240);
        open();
        pass(9);
        assertEquals(2, rig.flows().liveCount());
        pass(4);
        assertEquals(0, rig.flows().liveCount());

        establish(240);
        rig.receiveOne(fromClient(RST).sequence(1_011));
        pass(9);
        assertEquals(2, rig.flows().liveCount());
        pass(4);
        assertEquals(0, rig.flows().liveCount());
        assertEquals(List.of(), told());
    }

    @Test
    void datagramsWithoutAnAnswerGoAfterFiveSecondsOthersAfterTheServicesTimeout() {
        service(Protocol.UDP, 20);
        rig.receiveOne(udp(client, 5_000, vip, 80).payload(payload(9)));
        pass(4);
        assertEquals(2, rig.flows().liveCount());
        pass(4);
        assertEquals(0, rig.flows().liveCount());

        int from =
                rig.receiveOne(udp(client, 5_000, vip, 80).payload(payload(9))).sourcePort();
        rig.receiveOne(udp(endpoint, 8080, vip, from).payload(payload(9)));
        pass(19);
        assertEquals(2, rig.flows().liveCount());
        pass(4);
        assertEquals(0, rig.flows().liveCount());
        assertEquals(List.of(), told());
    }

    @Test
    void withoutItsRuleItLastsHalfAnHourAndNobodyIsTold() {
        establish(240);
        book.remove(spec(Protocol.TCP, 240).key());
        pass(1_799);
        assertEquals(2, rig.flows().liveCount());
        pass(4);
        assertEquals(0, rig.flows().liveCount());
        assertEquals(List.of(), told());
    }

    @Test
    void changedTimeoutsHoldForLiveConnections() {
        service(Protocol.TCP, 240);
        open();
        settings.change(Settings.DEFAULT.withTimeouts(new Settings.Timeouts(30, 5, 2, 10_800, 60)));
        pass(28);
        assertEquals(2, rig.flows().liveCount());
        pass(6);
        assertEquals(0, rig.flows().liveCount());

        establish(240);
        book.remove(spec(Protocol.TCP, 240).key());
        pass(64);
        assertEquals(0, rig.flows().liveCount());
    }

    @Test
    void theEndOfAConnectionThatMovedMuchIsRecorded() throws Exception {
        BlockingQueue<RecordedEvent> events = new LinkedBlockingQueue<>();
        try (RecordingStream stream = new RecordingStream()) {
            stream.enable(FlowEvent.class);
            stream.onEvent("gatun.Flow", events::add);
            stream.startAsync();
            settings.change(Settings.DEFAULT.withFlowEventBytes(1_000_000));
            establish(20);
            pass(24);
            settings.change(Settings.DEFAULT.withFlowEventBytes(200));
            establish(20);
            pass(24);
            stream.stop();
        }
        assertEquals(1, events.size(), events.toString());
        RecordedEvent event = events.remove();
        assertEquals("tcp", event.getString("protocol"));
        assertEquals(client + ":40000", event.getString("client"));
        assertEquals(vip + ":80", event.getString("vip"));
        assertEquals(6, event.getLong("packets"));
        assertEquals(6 * 40 + 10 + 20, event.getLong("bytes"));
        assertTrue(event.getString("service").contains(vip), event.toString());
    }

    @Test
    void aStandbyTellsNobodyAsTheMasterMayHaveTheConnection() {
        establish(240);
        book.admitNewFlows(Set.of(Specs.address(vip)), false);
        pass(244);
        assertEquals(0, rig.flows().liveCount());
        assertEquals(List.of(), told());
    }

    @Test
    void anEndWhoseMacIsUnknownIsToldLaterOrCounted() {
        client = Lan.UNRESOLVED;
        service(Protocol.TCP, 20);
        port = rig.receiveOne(tcp(client, 40_000, vip, 80)).sourcePort();
        rig.receive(fromEndpoint(SYN | ACK).sequence(7_000));
        rig.receiveOne(fromClient(ACK));
        pass(24);
        assertEquals(1, told().size());
        rig.advance(2, TimeUnit.SECONDS).cycle();
        rig.cycle();
        assertEquals(1, rig.count("idle_resets_lost"));
    }

    private void assertTold() {
        List<WireFrame> sent = told();
        Packet toClient =
                tcp(vip, 80, client, 40_000).flags(RST | ACK).sequence(7_021).acknowledgment(1_011);
        Packet toEndpoint =
                tcp(vip, port, endpoint, 8080).flags(RST | ACK).sequence(1_011).acknowledgment(7_021);
        assertEquals(2, sent.size());
        for (WireFrame frame : sent) {
            assertTrue(frame.checksumsRight(), frame.toString());
        }
        assertTrue(sent.stream().anyMatch(frame -> isLike(frame, toClient)), () -> "to the client: " + sent);
        assertTrue(sent.stream().anyMatch(frame -> isLike(frame, toEndpoint)), () -> "to the endpoint: " + sent);
    }

    /** The same segment, whatever its Ethernet header. */
    private static boolean isLike(WireFrame frame, Packet wanted) {
        WireFrame like = wanted.wire();
        byte[] one = Arrays.copyOfRange(frame.bytes(), frame.transport(), frame.length());
        byte[] other = Arrays.copyOfRange(like.bytes(), like.transport(), like.length());
        one[14] = other[14]; // the window, which a RST does not have
        one[15] = other[15];
        one[16] = other[16]; // and so another checksum
        one[17] = other[17];
        return Arrays.equals(one, other);
    }

    private List<WireFrame> told() {
        return rig.exits().take().stream().map(MemoryEgress.Sent::frame).toList();
    }

    private void establish(int timeoutS) {
        service(Protocol.TCP, timeoutS);
        port = open();
        rig.receiveOne(fromEndpoint(SYN | ACK).sequence(7_000));
        rig.receiveOne(fromClient(ACK));
        rig.receiveOne(fromClient(PSH | ACK).payload(payload(10)));
        rig.receiveOne(fromEndpoint(PSH | ACK).acknowledgment(1_011).payload(payload(20)));
        rig.receiveOne(fromClient(ACK).sequence(1_011).acknowledgment(7_021));
        assertEquals("est est", rig.states());
    }

    private int open() {
        return rig.receiveOne(tcp(client, 40_000, vip, 80)).sourcePort();
    }

    private Packet fromClient(int flags) {
        return tcp(client, 40_000, vip, 80).flags(flags).sequence(1_001).acknowledgment(7_001);
    }

    private Packet fromEndpoint(int flags) {
        return tcp(endpoint, 8080, vip, port).flags(flags).sequence(7_001).acknowledgment(1_001);
    }

    /** Adds the service, or changes its timeout. */
    private void service(Protocol protocol, int timeoutS) {
        ServiceSpec spec = spec(protocol, timeoutS);
        book.put(spec, new SnatChoice(Specs.address(vip), new PortSpace(1_024, 65_535), /* moves= */ true));
        int id = book.find(spec.key()).id();
        rig.exits().add(Lan.INTERFACE);
        rig.rules(ServiceDraft.of(protocol.number(), vip, 80)
                .endpoint(endpoint, 8080)
                .id(id));
    }

    private ServiceSpec spec(Protocol protocol, int timeoutS) {
        ServiceSpec some = Specs.service(
                vip,
                protocol,
                80,
                NatMode.ONE_ARM,
                (endpoint.contains(":") ? "[" + endpoint + "]" : endpoint) + ":8080");
        return new ServiceSpec(some.key(), "", some.mode(), some.selection(), timeoutS, some.endpoints());
    }

    /** Seconds go by in which the conductor sweeps as it does, and the agent has its cycles. */
    private void pass(int seconds) {
        for (int i = 0; i < seconds * 100; i++) {
            rig.advance(10, TimeUnit.MILLISECONDS);
            expiry.sweep(rig.nowNs());
            if (i % 50 == 0) {
                rig.cycle();
            }
        }
        rig.cycle();
    }
}
