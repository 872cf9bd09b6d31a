package io.gatun.forwarder.agent;

import static io.gatun.forwarder.packet.Packets.udp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.UNRESOLVED;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.pipeline.PipelineRig;
import io.gatun.forwarder.pipeline.ServiceDraft;
import org.junit.jupiter.api.Test;

class ForwarderAgentTest {
    private final PipelineRig rig = new PipelineRig(
            ServiceDraft.udp(VIP, 53).endpoint(E1, 53),
            ServiceDraft.udp(VIP, 54).endpoint(UNRESOLVED, 53));

    @Test
    void aCycleIsOneBatch() {
        for (int i = 0; i < FrameBatch.CAPACITY + 6; i++) {
            rig.port().inject(udp(CLIENT, 5_000, VIP, 53));
        }

        assertEquals(FrameBatch.CAPACITY, rig.cycle());
        assertEquals(6, rig.cycle());
        assertEquals(0, rig.cycle());
        assertEquals("flows_opened 1, rx_packets 70, tx_packets 70", rig.counted());
        rig.port().assertConserved();
    }

    @Test
    void knowsWhetherItMayNotSleepLong() {
        assertFalse(rig.agent().holdsFrames());
        rig.receive(udp(CLIENT, 5_000, VIP, 54));

        assertTrue(rig.agent().holdsFrames());
    }

    @Test
    void closesItsPortAtTheEnd() {
        assertEquals("forwarder rig/0", rig.agent().roleName());
        rig.agent().onClose();

        assertTrue(rig.port().isClosed());
    }
}
