package io.gatun.forwarder.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.packet.Packets;
import io.gatun.forwarder.pipeline.Lan;
import io.gatun.forwarder.pipeline.PipelineRig;
import io.gatun.forwarder.pipeline.ServiceDraft;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    @Test
    void everyPacketOfWholeConnectionsComesOutAgain() {
        ScratchTraffic traffic = new ScratchTraffic();
        for (int batch = 1; batch <= 4_000; batch++) {
            traffic.connections();
            assertEquals(traffic.packets(), traffic.transmitted(), "packets that came out, batch " + batch);
        }
        assertTrue(traffic.packets() > 0);
    }

    @Test
    void itEndsByItselfAndLeavesAPipelineBesideItAlone() {
        PipelineRig rig = new PipelineRig(ServiceDraft.tcp(Lan.VIP, 80).endpoint(Lan.E1, 8080));
        rig.receiveOne(Packets.tcp(Lan.CLIENT, 40_000, Lan.VIP, 80).flags(2));
        rig.counted();

        WarmUp warmUp = WarmUp.start();
        warmUp.await();

        assertTrue(warmUp.packets() > 0, "nothing was sent");
        assertEquals(warmUp.packets(), warmUp.transmitted());
        assertEquals("", rig.counted());
        assertEquals(2, rig.flows().liveCount());
    }
}
