package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.SYN;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.packet.Packet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The role decides who opens flows, not who forwards. */
class StandbyTest {
    private final PipelineRig rig = new PipelineRig(ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080));

    @Test
    void aFormerMasterForwardsWhatItKnowsAndOpensNothing() {
        Packet syn = tcp(CLIENT, 40_000, VIP, 80);
        int port = rig.receiveOne(syn).sourcePort();
        rig.rules(ServiceDraft.tcp(VIP, 80).standby().endpoint(E1, 8080));
        rig.counted();

        Packet reply = tcp(E1, 8080, VIP, port).flags(SYN | ACK);
        assertEquals(reply.copy().from(VIP, 80).to(CLIENT, 40_000).forwarded().wire(), rig.receiveOne(reply));
        Packet data = tcp(CLIENT, 40_000, VIP, 80).flags(ACK);
        assertEquals(data.copy().from(VIP, port).to(E1, 8080).forwarded().wire(), rig.receiveOne(data));
        assertEquals(List.of(), rig.receive(tcp(CLIENT, 40_001, VIP, 80)));

        assertEquals("drop_not_master 1, rx_packets 3, tx_packets 2", rig.counted());
        assertEquals(2, rig.flows().liveCount());
    }
}
