package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.SYN;
import static io.gatun.forwarder.packet.Packets.ip;
import static io.gatun.forwarder.packet.Packets.payload;
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

import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.WireFrame;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services of several ports. */
class PortRangeTest {
    private final PipelineRig rig = new PipelineRig(
            ServiceDraft.tcp(VIP, 8000).range(8100).endpoint(E1, 0),
            ServiceDraft.tcp(VIP, 8080).endpoint(E2, 80),
            ServiceDraft.udp(VIP6, 5000).range(5009).endpoint(E61, 53));

    @ParameterizedTest
    @ValueSource(ints = {8000, 8079, 8081, 8100})
    void everyPortOfTheRangeIsKept(int port) {
        WireFrame sent = rig.receiveOne(tcp(CLIENT, 40_000, VIP, port));

        assertEquals(port, sent.destinationPort());
        assertEquals(ip(E1), sent.destination());
        Packet reply = tcp(E1, port, VIP, sent.sourcePort()).flags(SYN | ACK);
        assertEquals(reply.copy().from(VIP, port).to(CLIENT, 40_000).forwarded().wire(), rig.receiveOne(reply));
    }

    @Test
    void aSinglePortGoesBeforeTheRange() {
        WireFrame sent = rig.receiveOne(tcp(CLIENT, 40_000, VIP, 8080));

        assertEquals(80, sent.destinationPort());
        assertEquals(ip(E2), sent.destination());
    }

    @ParameterizedTest
    @ValueSource(ints = {7999, 8101})
    void itsNeighboursAreNobodys(int port) {
        rig.receive(tcp(CLIENT, 40_000, VIP, port));

        assertEquals("drop_no_service 1, refusals_sent 1, rx_packets 1, tx_packets 1", rig.counted());
    }

    @Test
    void aRangeMayLeadToOnePort() {
        for (int port : new int[] {5000, 5009}) {
            Packet question = udp(CLIENT6, 40_000, VIP6, port).payload(payload(9));
            WireFrame sent = rig.receiveOne(question);
            assertEquals(53, sent.destinationPort());
            Packet answer = udp(E61, 53, VIP6, sent.sourcePort()).payload(payload(5));
            assertEquals(
                    answer.copy()
                            .from(VIP6, port)
                            .to(CLIENT6, 40_000)
                            .forwarded()
                            .wire(),
                    rig.receiveOne(answer));
        }
    }

    @Test
    void theRangesOwnPortsAreNoSourcePorts() {
        PipelineRig narrow = new PipelineRig(
                ServiceDraft.udp(VIP, 2000).range(2009).snat(VIP, 2000, 2010).endpoint(E1, 53));

        assertEquals(2010, narrow.receiveOne(udp(CLIENT, 40_000, VIP, 2000)).sourcePort());
        assertEquals(List.of(), narrow.receive(udp(CLIENT, 40_001, VIP, 2000)));
        assertEquals(1, narrow.count("drop_no_port"));
    }
}
