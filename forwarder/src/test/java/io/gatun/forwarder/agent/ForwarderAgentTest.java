package io.gatun.forwarder.agent;

import static io.gatun.forwarder.packet.Packets.udp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.UNRESOLVED;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.control.Settings;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.pipeline.PipelineRig;
import io.gatun.forwarder.pipeline.ServiceDraft;
import java.util.concurrent.TimeUnit;
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
    void aChangedBatchSizeHoldsFromTheNextCycleOn() {
        for (int i = 0; i < 12; i++) {
            rig.port().inject(udp(CLIENT, 5_000, VIP, 53));
        }
        rig.agent().settings().change(Settings.DEFAULT.withBatchSize(5));

        assertEquals(5, rig.cycle());
        rig.agent().settings().change(Settings.DEFAULT.withBatchSize(6));
        assertEquals(6, rig.cycle());
        assertEquals(1, rig.cycle());
        assertEquals(3, rig.count("batches"));
    }

    @Test
    void tellsItsLongestDutyCycle() {
        rig.port().inject(udp(CLIENT, 5_000, VIP, 53));
        rig.cycle();
        rig.advance(70, TimeUnit.MICROSECONDS).cycle();
        assertEquals(70_000, rig.count("duty_cycle_max_ns"));
        rig.advance(500, TimeUnit.MICROSECONDS).cycle(); // it had nothing to do
        assertEquals(70_000, rig.count("duty_cycle_max_ns"));
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
