package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.SYN;
import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.packet.Packets.udp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.E2;
import static io.gatun.forwarder.pipeline.Lan.OTHER_CLIENT;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.packet.Packet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections through a plain-DNAT service: the endpoint sees the client and routes its replies through us. */
class PlainDnatTest {
    private final PipelineRig rig = new PipelineRig(
            ServiceDraft.tcp(VIP, 80).plainDnat().endpoint(E1, 8080),
            ServiceDraft.udp(VIP, 53).plainDnat().endpoint(E2, 53));

    @AfterEach
    void noFrameIsLost() {
        rig.port().assertConserved();
    }

    @Test
    void theClientsAddressAndPortAreKept() {
        Packet syn = tcp(CLIENT, 40_000, VIP, 80);

        assertEquals(syn.copy().to(E1, 8080).forwarded().wire(), rig.receiveOne(syn));
        assertEquals("flows_opened 1, rx_packets 1, tx_packets 1", rig.counted());
    }

    @Test
    void theReplyComesFromTheVip() {
        rig.receive(tcp(CLIENT, 40_000, VIP, 80));
        Packet reply = tcp(E1, 8080, CLIENT, 40_000).flags(SYN | ACK).sum(Packet.Sum.PARTIAL);

        assertEquals(reply.copy().from(VIP, 80).forwarded().wire(), rig.receiveOne(reply));
        assertEquals("sync-ack sync-ack", rig.states());
    }

    @Test
    void datagramsGoBothWays() {
        Packet question = udp(CLIENT, 5000, VIP, 53).payload(payload(9));
        assertEquals(question.copy().to(E2, 53).forwarded().wire(), rig.receiveOne(question));
        Packet answer = udp(E2, 53, CLIENT, 5000).payload(payload(9));
        assertEquals(answer.copy().from(VIP, 53).forwarded().wire(), rig.receiveOne(answer));
    }

    @Test
    void whatTheEndpointSaysToOthersIsRoutedUnchanged() {
        Packet own = tcp(E1, 8080, OTHER_CLIENT, 1234).flags(ACK).payload(payload(33));

        assertEquals(own.copy().forwarded().wire(), rig.receiveOne(own));
        assertEquals("rx_packets 1, tx_packets 1", rig.counted());
        assertEquals(0, rig.flows().liveCount());
    }

    @Test
    void routedPacketsAreCompletedToo() {
        Packet own = udp(E2, 53, OTHER_CLIENT, 1234).payload(payload(33)).sum(Packet.Sum.PARTIAL);

        assertEquals(own.copy().forwarded().wire(), rig.receiveOne(own));
    }

    @Test
    void routedPacketsAgeToo() {
        rig.receive(tcp(E1, 8080, OTHER_CLIENT, 1234).flags(ACK).ttl(1));

        assertEquals("drop_ttl_expired 1, refusals_sent 1, rx_packets 1, tx_packets 1", rig.counted());
        assertTrue(rig.port().takeSent().isEmpty());
    }
}
