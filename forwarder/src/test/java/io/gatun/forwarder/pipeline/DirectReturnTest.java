package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.FIN;
import static io.gatun.forwarder.packet.Packets.GATUN_MAC;
import static io.gatun.forwarder.packet.Packets.PSH;
import static io.gatun.forwarder.packet.Packets.RST;
import static io.gatun.forwarder.packet.Packets.icmpError;
import static io.gatun.forwarder.packet.Packets.ip;
import static io.gatun.forwarder.packet.Packets.macOf;
import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.E2;
import static io.gatun.forwarder.pipeline.Lan.FAR_ENDPOINT;
import static io.gatun.forwarder.pipeline.Lan.NODE;
import static io.gatun.forwarder.pipeline.Lan.ROUTER;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.WireFrame;
import org.junit.jupiter.api.Test;

/** Direct server return: only the client's packets pass here, and any of them may be the first that is seen. */
class DirectReturnTest {
    private final PipelineRig rig = new PipelineRig(
            ServiceDraft.tcp(VIP, 80).direct().endpoint(E1, 0).endpoint(E2, 0),
            ServiceDraft.tcp(VIP, 81).tunnel(NODE).endpoint(FAR_ENDPOINT, 0));

    @Test
    void aSegmentOfAnUnknownConnectionOpensIt() {
        Packet data = tcp(CLIENT, 40_000, VIP, 80).flags(PSH | ACK).payload(payload(10));
        WireFrame first = rig.receiveOne(data);
        assertEquals("flows_opened 1, rx_packets 1, tx_packets 1", rig.counted());
        assertEquals("est", rig.states());

        PipelineRig other = new PipelineRig(
                ServiceDraft.tcp(VIP, 80).direct().endpoint(E1, 0).endpoint(E2, 0));
        assertEquals(first, other.receiveOne(data)); // another node chooses the same endpoint
    }

    @Test
    void finEndsAndSynBeginsAnew() {
        rig.receiveOne(tcp(CLIENT, 40_000, VIP, 80));
        assertEquals("sync-sent", rig.states());
        rig.receiveOne(tcp(CLIENT, 40_000, VIP, 80).flags(ACK));
        assertEquals("est", rig.states());
        rig.receiveOne(tcp(CLIENT, 40_000, VIP, 80).flags(FIN | ACK));
        assertEquals("fini", rig.states());
        rig.receiveOne(tcp(CLIENT, 40_000, VIP, 80));
        assertEquals("sync-sent", rig.states());
        rig.receiveOne(tcp(CLIENT, 40_000, VIP, 80).flags(RST).sequence(1_001));
        assertEquals("closed", rig.states());
    }

    @Test
    void blindSegmentsChangeNothing() {
        rig.receiveOne(tcp(CLIENT, 40_000, VIP, 80));
        rig.receiveOne(tcp(CLIENT, 40_000, VIP, 80).flags(ACK).sequence(1_001).acknowledgment(5_000));
        rig.receiveOne(tcp(CLIENT, 40_000, VIP, 80).flags(RST).sequence(1_002));
        rig.receiveOne(tcp(CLIENT, 40_000, VIP, 80).sequence(77));
        rig.receiveOne(tcp(CLIENT, 40_000, VIP, 80).flags(FIN | ACK).sequence(1 << 24));
        assertEquals("est", rig.states());
        assertEquals(1, rig.count("resets_doubted"));
    }

    @Test
    void aTunnelNeedsRoomOnTheWay() {
        Packet large = tcp(CLIENT, 40_000, VIP, 81).flags(ACK).payload(payload(1_441)); // 1,481 and 20 more

        WireFrame answer = rig.receiveOne(large);

        assertEquals(
                icmpError(VIP, CLIENT, 3, 4, 1_480, large, 548)
                        .trafficClass(0xC0)
                        .identification(0)
                        .fragment(0x4000)
                        .macs(macOf(ip(CLIENT)), GATUN_MAC)
                        .wire(),
                answer);
        assertEquals(1, rig.count("drop_too_big"));
        assertEquals(1, rig.receive(large.payload(payload(1_440))).size());
    }

    @Test
    void errorsForTheVipGoToTheEndpointOfTheConnection() {
        WireFrame out = rig.receiveOne(tcp(CLIENT, 40_000, VIP, 80));
        String endpoint = out.equals(
                        tcp(CLIENT, 40_000, VIP, 80).forwardedVia(macOf(ip(E1))).wire())
                ? E1
                : E2;
        Packet error =
                icmpError(ROUTER, VIP, 3, 4, 1_400, tcp(VIP, 80, CLIENT, 40_000).flags(ACK), 28);

        assertEquals(error.copy().forwardedVia(macOf(ip(endpoint))).wire(), rig.receiveOne(error));
    }
}
