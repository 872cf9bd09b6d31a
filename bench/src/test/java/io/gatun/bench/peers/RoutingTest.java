package io.gatun.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.bench.traffic.Cpu;
import io.gatun.bench.traffic.Flows;
import io.gatun.bench.traffic.FrameKind;
import io.gatun.bench.traffic.TrafficSpec;
import io.gatun.lab.junit.LabTest;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Frames of the generator reach the sink through a real forwarding path. */
@LabTest
class RoutingTest {
    private static final Cpu CPU = new Cpu(0);
    private static final int SLOW = 1_024;

    @Test
    void theKernelRoutesFramesFromGeneratorToSink() {
        try (Testbed bed = Testbed.ofRouting(CPU, CPU)) {
            try (Contender.Running routing = KernelRouting.start(bed)) {
                assertAllFlowsArrive(bed);
                bed.generator().start(SLOW);
                await(() -> routing.cpuNs() > 0);
            }
        }
    }

    @Test
    void nftablesTranslatesBothAddresses() {
        try (Testbed bed = Testbed.ofNat(CPU, CPU)) {
            try (Contender.Running _ = new NftablesContender().start(bed)) {
                assertAllFlowsArrive(bed);
                assertTrue(
                        bed.sink().example().startsWith("192.168.80.200:"),
                        bed.sink().example());
                assertTrue(
                        bed.sink().example().endsWith("> 192.168.80.11:8080 protocol 17 ttl 63"),
                        bed.sink().example());
            }
        }
    }

    @Test
    void gatunTranslatesBothAddressesAndItsReceivingThreadIsCounted() {
        try (Testbed bed = Testbed.ofNat(CPU, CPU)) {
            try (Contender.Running gatun = new GatunContender().start(bed)) {
                assertAllFlowsArrive(bed);
                assertTrue(gatun.note().startsWith("engine=xdp"), gatun.note());
                assertTrue(gatun.cpuNs() > 0);
                assertTrue(
                        bed.sink().example().startsWith("192.168.80.200:"),
                        bed.sink().example());
            }
        }
    }

    @Test
    void aRuleOfSeveralEndpointsForwardsFromManyAddresses() {
        Flows flows = new Flows(TrafficSpec.PORTS + 500, 3);
        for (Contender contender : List.of(new GatunContender(), new NftablesContender())) {
            try (Testbed bed = Testbed.of(contender, CPU, CPU, FrameKind.SMALLEST, flows);
                    Contender.Running _ = contender.start(bed)) {
                bed.generator().start(SLOW);
                await(() -> Arrays.stream(bed.sink().framesOfFlows()).allMatch(frames -> frames > 0));
                bed.generator().stop();
                assertEquals("", bed.sink().complaint(), contender.name());
            }
        }
    }

    @Test
    void theKernelsLimitSendsFramesBackAsTheyWere() {
        assertComeBackUnchanged(new XdpSwap());
    }

    @Test
    void theLimitOfTheRingsSendsFramesBackAsTheyWere() {
        assertComeBackUnchanged(new RingsAlone());
    }

    private static void assertComeBackUnchanged(Contender contender) {
        try (Testbed bed = Testbed.of(contender, CPU, CPU, FrameKind.SMALLEST)) {
            try (Contender.Running running = contender.start(bed)) {
                assertAllFlowsArrive(bed);
                assertTrue(running.cpuNs() >= 0);
                assertEquals(
                        "192.168.80.10:20000 > 192.168.80.11:8080 protocol 17 ttl 64",
                        bed.sink().example());
            }
        }
    }

    private static void assertAllFlowsArrive(Testbed bed) {
        bed.generator().start(SLOW);
        await(() -> bed.sink().frames() > 5L * Testbed.FLOWS);
        bed.generator().stop();
        assertEquals("", bed.sink().complaint());
        assertEquals(60L * bed.sink().frames(), bed.sink().bytes());
        long[] flows = bed.sink().framesOfFlows();
        for (int flow = 0; flow < flows.length; flow++) {
            assertTrue(flows[flow] > 0, "flow " + flow + " never arrived");
        }
        assertTrue(bed.sink().frames() <= bed.generator().sent());
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadline < 0, "not within 10 s");
            LockSupport.parkNanos(1_000_000);
        }
    }
}
