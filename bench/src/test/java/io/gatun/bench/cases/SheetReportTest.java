package io.gatun.bench.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.bench.report.CaseResult;
import io.gatun.bench.traffic.Cpu;
import io.gatun.bench.traffic.FrameKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class SheetReportTest {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private final PacketPlan plan = PacketPlan.quick(3, FrameKind.SMALLEST, new Cpu(0), new Cpu(1), 200_000);

    @Test
    void costIsComparedRoundByRound() {
        SheetReport<?> report = CostBench.report(plan, List.of(timed("gatun", 3, 4, 5), timed("nftables", 6, 6, 6)));
        String text = report.text();
        assertTrue(text.contains("gatun / nftables, own CPU time: 0.67 (0.50-0.83) times, target at most 0.60"), text);
        assertTrue(text.contains("4000 (3000-5000)"), text);
        CaseResult result = report.result();
        assertEquals("cost", result.name());
        assertEquals(200_000, result.plan().get("rate"));
        assertEquals(0.5, result.figure("gatun / nftables", "own CPU time").min(), 1e-9);
        assertEquals("at most 0.60", result.details().get("target of own CPU time beside nftables"));
    }

    @Test
    void delaysAreSubtracted() {
        SheetReport<?> report =
                LatencyBench.report(plan, List.of(timed("gatun", 30, 40, 50), timed("nftables", 20, 20, 20)));
        String text = report.text();
        assertTrue(text.contains("gatun less nftables, p99.9: 20.0 (10.0-30.0) us, target at most 50"), text);
        assertTrue(text.contains("gatun, longest: 40.0 (30.0-50.0) us, target no pause"), text);
        assertTrue(
                report.result().details().containsKey("delays of gatun, ns by percentile"),
                report.result().details().toString());
    }

    @Test
    void aSearchThatTheGeneratorEndedSaysSo() {
        NdrBench.Search search = new NdrBench.Search(step(100), 5, true);
        SheetReport<?> report =
                NdrBench.report(plan, List.of(new ContenderResult<>("gatun", "", "", List.of(search, search, search))));
        assertTrue(report.text().contains("limited by the generator"), report.text());
        assertEquals(
                1, report.result().figure("gatun", "limited by the generator").median());
    }

    @Test
    void aPlanThatCannotBeRunIsRefused() {
        assertEquals(
                "rate=3000000, give at most 2000000",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> PacketPlan.full(3, FrameKind.SMALLEST, new Cpu(0), new Cpu(1), 3_000_000))
                        .getMessage());
        assertEquals(
                "frameBytes=65, give an even number, 64-1518",
                assertThrows(IllegalArgumentException.class, () -> FrameKind.ofWire(65))
                        .getMessage());
    }

    /** Rounds in which each packet took so many microseconds. */
    private static ContenderResult<PacketStage.Timed> timed(String name, int... micros) {
        List<PacketStage.Timed> rounds = new ArrayList<>();
        for (int each : micros) {
            Histogram delays = new Histogram(3);
            delays.recordValueWithCount(each * 1_000L, 100);
            rounds.add(new PacketStage.Timed(step(each), each * 100_000L, delays));
        }
        return new ContenderResult<>(name, "somehow", "", rounds);
    }

    /** A hundred packets that took so many microseconds each. */
    private static StepSample step(int micros) {
        return new StepSample(100, 100, 100, SECOND_NS, micros * 100_000L);
    }
}
