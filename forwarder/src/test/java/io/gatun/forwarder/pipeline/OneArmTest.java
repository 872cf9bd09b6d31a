package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.FIN;
import static io.gatun.forwarder.packet.Packets.PSH;
import static io.gatun.forwarder.packet.Packets.RST;
import static io.gatun.forwarder.packet.Packets.SYN;
import static io.gatun.forwarder.packet.Packets.ip;
import static io.gatun.forwarder.packet.Packets.macOf;
import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.packet.Packets.udp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.E2;
import static io.gatun.forwarder.pipeline.Lan.E3;
import static io.gatun.forwarder.pipeline.Lan.FAR_CLIENT;
import static io.gatun.forwarder.pipeline.Lan.OTHER_CLIENT;
import static io.gatun.forwarder.pipeline.Lan.ROUTER;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.WireFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections through a one-arm service: the endpoint sees the VIP, the client sees the VIP. */
class OneArmTest {
    private final PipelineRig rig = new PipelineRig(
            ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080).endpoint(E2, 8080).endpoint(E3, 8080),
            ServiceDraft.udp(VIP, 53).endpoint(E1, 5353));

    @AfterEach
    void noFrameIsLost() {
        rig.port().assertConserved();
    }

    @Test
    void aSynOpensAFlowToTheFirstEndpoint() {
        Packet syn = tcp(CLIENT, 40_000, VIP, 80).tcpOptions(2, 4, 5, 0xB4);

        WireFrame sent = rig.receiveOne(syn);

        int port = sent.sourcePort();
        assertTrue(port >= 1024, "source port " + port);
        assertEquals(syn.copy().from(VIP, port).to(E1, 8080).forwarded().wire(), sent);
        assertEquals("flows_opened 1, rx_packets 1, tx_packets 1", rig.counted());
        assertEquals(2, rig.flows().liveCount());
    }

    @Test
    void theReplyComesFromTheVip() {
        int port = open(CLIENT, 40_000);
        Packet reply = tcp(E1, 8080, VIP, port).flags(SYN | ACK).sequence(7_000).acknowledgment(1_001);

        WireFrame sent = rig.receiveOne(reply);

        assertEquals(reply.copy().from(VIP, 80).to(CLIENT, 40_000).forwarded().wire(), sent);
        assertEquals("rx_packets 1, tx_packets 1", rig.counted());
    }

    @Test
    void dataFlowsBothWaysInPartialAndCompleteChecksums() {
        int port = open(CLIENT, 40_000);
        for (Packet.Sum sum : List.of(Packet.Sum.PARTIAL, Packet.Sum.COMPLETE)) {
            for (int length : new int[] {0, 1, 2, 7, 536, 1459, 1460}) {
                Packet request = tcp(CLIENT, 40_000, VIP, 80)
                        .flags(PSH | ACK)
                        .payload(payload(length))
                        .sum(sum);
                assertEquals(
                        request.copy().from(VIP, port).to(E1, 8080).forwarded().wire(), rig.receiveOne(request));
                Packet reply = tcp(E1, 8080, VIP, port)
                        .flags(PSH | ACK)
                        .payload(payload(length))
                        .sum(sum);
                assertEquals(
                        reply.copy()
                                .from(VIP, 80)
                                .to(CLIENT, 40_000)
                                .forwarded()
                                .wire(),
                        rig.receiveOne(reply));
            }
        }
    }

    @Test
    void aWrongChecksumStaysWrong() {
        open(CLIENT, 40_000);
        Packet damaged = tcp(CLIENT, 40_000, VIP, 80)
                .flags(PSH | ACK)
                .payload(payload(100))
                .sum(Packet.Sum.WRONG);

        assertTrue(!rig.receiveOne(damaged).checksumsRight(), "the endpoint must notice the damage");
    }

    @Test
    void paddingIsNotForwarded() {
        Packet syn = tcp(CLIENT, 40_000, VIP, 80).paddedTo(60);

        WireFrame sent = rig.receiveOne(syn);

        assertEquals(14 + 20 + 20, sent.length());
        assertTrue(sent.checksumsRight());
    }

    @Test
    void ipOptionsAreKept() {
        Packet syn = tcp(CLIENT, 40_000, VIP, 80).ipOptions(0x94, 4, 0, 0);

        WireFrame sent = rig.receiveOne(syn);

        assertEquals(
                syn.copy().from(VIP, sent.sourcePort()).to(E1, 8080).forwarded().wire(), sent);
    }

    @Test
    void aDatagramAndItsAnswer() {
        Packet question = udp(CLIENT, 5000, VIP, 53).payload(payload(31));
        WireFrame sent = rig.receiveOne(question);
        assertEquals(
                question.copy()
                        .from(VIP, sent.sourcePort())
                        .to(E1, 5353)
                        .forwarded()
                        .wire(),
                sent);
        assertEquals("udp-uni udp-uni", rig.states());

        Packet answer = udp(E1, 5353, VIP, sent.sourcePort()).payload(payload(200));
        assertEquals(answer.copy().from(VIP, 53).to(CLIENT, 5000).forwarded().wire(), rig.receiveOne(answer));
        assertEquals("udp-est udp-est", rig.states());
    }

    @Test
    void aDatagramWithoutChecksumStaysWithout() {
        Packet question = udp(CLIENT, 5000, VIP, 53).payload(payload(31)).sum(Packet.Sum.NONE);

        WireFrame sent = rig.receiveOne(question);

        assertEquals(0, sent.unsignedShort(sent.transport() + 6));
    }

    @Test
    void aClientBehindARouterIsAnsweredThroughTheRouter() {
        int port = open(FAR_CLIENT, 40_000);
        Packet reply = tcp(E1, 8080, VIP, port).flags(SYN | ACK);

        assertEquals(
                reply.copy()
                        .from(VIP, 80)
                        .to(FAR_CLIENT, 40_000)
                        .forwardedVia(macOf(ip(ROUTER)))
                        .wire(),
                rig.receiveOne(reply));
    }

    @Test
    void twelveConnectionsGoRound() {
        List<Integer> endpoints = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            endpoints.add(rig.receiveOne(tcp(CLIENT, 40_000 + i, VIP, 80)).destination() - ip("192.168.80.100"));
        }

        assertEquals(List.of(1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3), endpoints);
    }

    @Test
    void twoPacketsOfANewFlowInOneBatchAreOneFlow() {
        Packet first = udp(CLIENT, 5000, VIP, 53).payload(payload(1));
        Packet second = udp(CLIENT, 5000, VIP, 53).payload(payload(2));

        List<WireFrame> sent = rig.receive(first, second);

        assertEquals(2, sent.size());
        assertEquals(sent.get(0).sourcePort(), sent.get(1).sourcePort());
        assertEquals("flows_opened 1, rx_packets 2, tx_packets 2", rig.counted());
    }

    @Test
    void aRepeatedSynGoesTheSameWay() {
        Packet syn = tcp(CLIENT, 40_000, VIP, 80);

        WireFrame first = rig.receiveOne(syn);

        assertEquals(first, rig.receiveOne(syn));
        assertEquals(ip(E2), rig.receiveOne(tcp(CLIENT, 40_001, VIP, 80)).destination(), "the next in turn");
        assertEquals("flows_opened 2, rx_packets 3, tx_packets 3", rig.counted());
    }

    @Test
    void twoClientsWithOnePortAreTwoFlows() {
        int one = open(CLIENT, 40_000);
        int other = open(OTHER_CLIENT, 40_000);

        Packet fromFirst = tcp(E1, 8080, VIP, one).flags(SYN | ACK);
        Packet fromSecond = tcp(E2, 8080, VIP, other).flags(SYN | ACK);
        assertEquals(ip(CLIENT), rig.receiveOne(fromFirst).destination());
        assertEquals(ip(OTHER_CLIENT), rig.receiveOne(fromSecond).destination());
    }

    @Test
    void aConnectionIsFollowedFromSynToFin() {
        int port = open(CLIENT, 40_000);
        assertEquals("sync-sent sync-sent", rig.states());
        rig.receive(tcp(E1, 8080, VIP, port).flags(SYN | ACK).acknowledgment(1_001));
        assertEquals("sync-ack sync-ack", rig.states());
        rig.receive(fromClient().flags(ACK));
        assertEquals("est est", rig.states());
        rig.receive(fromClient().flags(FIN | ACK));
        assertEquals("closed-wait closed-wait", rig.states());
        rig.receive(fromClient().flags(FIN | ACK));
        assertEquals("closed-wait closed-wait", rig.states());
        rig.receive(tcp(E1, 8080, VIP, port).flags(FIN | ACK).sequence(1_001).acknowledgment(1_002));
        assertEquals("fini fini", rig.states());
        rig.receive(fromClient().flags(ACK));
        assertEquals("fini fini", rig.states());
    }

    @Test
    void aResetFromEitherSideClosesAndIsForwarded() {
        int port = open(CLIENT, 40_000);
        Packet reset = tcp(E1, 8080, VIP, port).flags(RST | ACK).sequence(0).acknowledgment(1_001);

        assertEquals(reset.copy().from(VIP, 80).to(CLIENT, 40_000).forwarded().wire(), rig.receiveOne(reset));
        assertEquals("closed closed", rig.states());
    }

    @Test
    void aClosedFlowIsUsedAgainByTheSamePorts() {
        int port = open(CLIENT, 40_000);
        rig.receive(fromClient().flags(RST));
        assertEquals("closed closed", rig.states());

        assertEquals(port, open(CLIENT, 40_000));

        assertEquals("sync-sent sync-sent", rig.states());
        assertEquals(2, rig.flows().liveCount());
    }

    @Test
    void aReplacedRuleLeavesItsFlowsAlone() {
        int port = open(CLIENT, 40_000);

        rig.rules(ServiceDraft.tcp(VIP, 80).endpoint(E3, 9090));

        Packet data = tcp(CLIENT, 40_000, VIP, 80).flags(ACK).payload(payload(10));
        assertEquals(data.copy().from(VIP, port).to(E1, 8080).forwarded().wire(), rig.receiveOne(data));
        Packet reply = tcp(E1, 8080, VIP, port).flags(ACK);
        assertEquals(reply.copy().from(VIP, 80).to(CLIENT, 40_000).forwarded().wire(), rig.receiveOne(reply));
        WireFrame anew = rig.receiveOne(tcp(CLIENT, 40_001, VIP, 80));
        assertEquals(ip(E3), anew.destination());
        assertEquals(9090, anew.destinationPort());
    }

    @Test
    void packetsAndBytesOfEachDirectionAreCounted() {
        int port = open(CLIENT, 40_000);
        rig.receive(tcp(CLIENT, 40_000, VIP, 80).flags(ACK).payload(payload(60)).paddedTo(200));
        rig.receive(tcp(E1, 8080, VIP, port).flags(ACK).payload(payload(5)));

        List<String> counts = new ArrayList<>();
        rig.flows()
                .forEachLive((flow, slot) -> counts.add(flow.isReply() + " " + flow.packets() + " " + flow.bytes()), 9);

        assertNotEquals(counts.get(0), counts.get(1));
        assertTrue(counts.contains("false 2 140") && counts.contains("true 1 45"), counts.toString());
    }

    /** What follows a SYN of sequence 1,000 that was answered with such a one. */
    private static Packet fromClient() {
        return tcp(CLIENT, 40_000, VIP, 80).sequence(1_001).acknowledgment(1_001);
    }

    private int open(String client, int clientPort) {
        WireFrame sent = rig.receiveOne(tcp(client, clientPort, VIP, 80));
        rig.counted();
        return sent.sourcePort();
    }
}
