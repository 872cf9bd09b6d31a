package io.gatun.bench.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.bench.peers.Contender;
import io.gatun.bench.peers.Testbed;
import io.gatun.bench.peers.XdpSwap;
import io.gatun.bench.traffic.Cpu;
import io.gatun.bench.traffic.FrameKind;
import io.gatun.lab.junit.LabTest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Short windows of long frames through the fastest contender. */
@LabTest
class PacketStageTest {
    private static final Cpu CPU = new Cpu(0);
    private static final int RATE = 20_000;

    @Test
    void byTheClockEachFrameIsCountedWithItsDelay() {
        Contender contender = new XdpSwap();
        try (Testbed bed = Testbed.of(contender, CPU, CPU, new FrameKind(1_514, true));
                Contender.Running running = contender.start(bed)) {
            PacketStage stage = new PacketStage(bed, running);
            stage.warmUp(Duration.ofMillis(100));
            PacketStage.Timed timed = stage.timed(RATE, Duration.ofMillis(500));
            stage.checkFlows();
            assertTrue(timed.step().offeredPps() <= 1.1 * RATE, timed.toString());
            assertTrue(timed.step().received() > 0, timed.toString());
            assertEquals(timed.step().received(), timed.delays().getTotalCount());
            assertTrue(timed.delays().getMaxValue() < TimeUnit.SECONDS.toNanos(1), timed.toString());
            assertTrue(timed.coreNs() >= 0, timed.toString());
        }
    }
}
