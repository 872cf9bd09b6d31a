package io.gatun.bench.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.bench.report.CaseResult;
import io.gatun.bench.traffic.Cpu;
import io.gatun.forwarder.frame.FrameBatch;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SyncReportTest {
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int FRESH_FLOWS = 5_000;
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final SyncReport report = new SyncReport(
            SyncPlan.quick(3, new Cpu(1), new Cpu(0)), List.of(samples(1_000, 0), samples(990, 40), samples(950, 50)));

    @Test
    void ratesAreComparedRoundByRound() {
        String text = report.text();
        assertTrue(text.contains("without: 0.990 (0.990-0.990) on the other CPU, 0.950 (0.950-0.950)"), text);
        assertTrue(text.contains("20,000 new ones a second"), text);
        CaseResult result = report.result();
        assertEquals(
                0.99,
                result.figure("a peer, the exchange on the other CPU / no peer", "forwarded")
                        .median(),
                1e-9);
        assertEquals(
                0.05,
                result.figure("a peer, the exchange on the agent's CPU", "exchange, of a CPU")
                        .median(),
                1e-9);
    }

    /** What is measured is the whole work: new flows are opened and answered, and all packets go out. */
    @Test
    void everyPacketIsForwarded() {
        SyncNode node = new SyncNode(/* told= */ true, 20_000);
        while (node.connections() < FreshFlowsPort.KNOWN_FLOWS) {
            node.forward(STEP_NS);
        }
        assertEquals(FreshFlowsPort.KNOWN_FLOWS, node.connections());
        node.begin();
        while (node.connections() < FreshFlowsPort.KNOWN_FLOWS + FRESH_FLOWS) {
            node.forward(STEP_NS);
        }
        assertEquals(0, node.dropped());
        long opened = node.connections() - FreshFlowsPort.KNOWN_FLOWS;
        // One notice of each flow, one of each answer; those to the last batch are still to come.
        long told = node.exchange().waiting() - FreshFlowsPort.KNOWN_FLOWS;
        assertTrue(told <= 2 * opened && told >= 2 * opened - FrameBatch.CAPACITY, told + " for " + opened);
    }

    private static List<SyncSample> samples(int kpps, int exchangePerMille) {
        return IntStream.range(0, 3)
                .mapToObj(
                        _ -> new SyncSample(kpps * 1_000L, SECOND_NS, SECOND_NS, exchangePerMille * SECOND_NS / 1_000))
                .toList();
    }
}
