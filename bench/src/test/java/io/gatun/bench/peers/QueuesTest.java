package io.gatun.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.bench.traffic.Cpu;
import io.gatun.bench.traffic.Flows;
import io.gatun.bench.traffic.FrameKind;
import io.gatun.bench.traffic.TrafficSpec;
import io.gatun.lab.junit.LabTest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Both generators reach the queue of their CPU, and both agents forward. */
@LabTest
class QueuesTest {
    private static final int SLOW = 1_024;

    @Test
    void gatunServesBothQueues() {
        try (Testbed bed = Testbed.ofQueues(List.of(new Cpu(0), new Cpu(1)));
                Contender.Running gatun = new GatunQueues().start(bed)) {
            assertTrue(gatun.note().contains("queues=2"), gatun.note());
            bed.generators().forEach(generator -> generator.start(SLOW));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (missing(bed) > 0) {
                assertTrue(System.nanoTime() - deadline < 0, missing(bed) + " flows never arrived");
                LockSupport.parkNanos(1_000_000);
            }
            bed.generators().forEach(generator -> generator.stop());
            assertEquals("", bed.sink().complaint());
        }
    }

    @Test
    void bothQueuesTakeLongFramesOfManyFlows() {
        Flows flows = new Flows(TrafficSpec.PORTS + 500, 1);
        try (Testbed bed = Testbed.ofQueues(List.of(new Cpu(0), new Cpu(1)), FrameKind.ofWire(1_518), flows);
                Contender.Running _ = new GatunQueues().start(bed)) {
            bed.generators().forEach(generator -> generator.start(SLOW));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (missing(bed) > 0) {
                assertTrue(System.nanoTime() - deadline < 0, missing(bed) + " flows never arrived");
                LockSupport.parkNanos(1_000_000);
            }
            bed.generators().forEach(generator -> generator.stop());
            assertEquals("", bed.sink().complaint());
        }
    }

    private static long missing(Testbed bed) {
        long missing = 0;
        for (long frames : bed.sink().framesOfFlows()) {
            missing += frames == 0 ? 1 : 0;
        }
        return missing;
    }
}
