package io.gatun.bench.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.bench.report.CaseResult;
import io.gatun.bench.traffic.Cpu;
import io.gatun.bench.traffic.Flows;
import io.gatun.bench.traffic.FrameKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ForwardReportTest {
    private static final long SECOND_NS = 1_000_000_000;
    private static final Cpu ONE = new Cpu(0);
    private static final Cpu OTHER = new Cpu(1);

    private final ForwardPlan plan = new ForwardPlan(
            3,
            List.of(500_000, 0),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            true,
            FrameKind.SMALLEST,
            Flows.USUAL,
            ONE,
            OTHER);

    @Test
    void theRatioIsThatOfTheBestStepsOfTheSameRound() {
        String text = report(result("fast", 700, 800, 900), result("slow", 350, 800, 600))
                .text();
        assertTrue(text.contains("fast / slow: 1.50 (1.00-2.00) times"), text);
    }

    @Test
    void everyFigureComesWithItsSpread() {
        String text = report(result("fast", 700, 800, 900), result("slow", 300, 400, 500))
                .text();
        assertTrue(text.contains("500 kpps"), text);
        assertTrue(text.contains("full speed"), text);
        assertTrue(text.contains("500 (500-500)"), text);
        assertTrue(text.contains("800 (700-900)"), text);
        assertTrue(text.contains("20.0 (10.0-30.0)"), text);
        assertTrue(text.contains("1250 (1111-1429)"), text);
    }

    @Test
    void overloadIsAShareOfTheBestOfTheSameRound() {
        String text = report(result("fast", 700, 800, 900), result("slow", 300, 400, 500))
                .text();
        assertTrue(text.contains("target of fast: at least 90 %"), text);
        assertTrue(text.contains("2.50 (2.22-2.86)"), text);
        assertTrue(text.contains("75 (67-86)"), text);
    }

    @Test
    void theResultHasTheSameFigures() {
        CaseResult result = report(result("fast", 700, 800, 900), result("slow", 350, 800, 600))
                .result();
        assertEquals(1.5, result.figure("fast / slow", "best received").median(), 1e-9);
        assertEquals(800_000, result.figure("fast", "best received").median(), 1e-6);
        assertEquals(0.1, result.figure("fast", "at full speed, loss").min(), 1e-9);
        assertEquals(3, result.figure("slow", "at 500 kpps, offered").samples());
    }

    @Test
    void aMillionFlowsHaveTargetsOfTheirOwn() {
        ForwardPlan many = ForwardPlan.quick(3, false, FrameKind.SMALLEST, Flows.of(1_000_000), ONE, OTHER);
        List<ForwardResult> results = List.of(
                result("gatun", 700, 800, 900),
                result("nftables", 350, 800, 600),
                result("gatun, 1,000 flows", 700, 800, 900));
        ForwardReport report = new ForwardReport(
                new ForwardPlan(
                        3,
                        plan.ladder(),
                        plan.warmUp(),
                        plan.settle(),
                        plan.window(),
                        false,
                        many.frames(),
                        many.flows(),
                        ONE,
                        OTHER),
                results);
        assertTrue(report.text().contains("gatun / nftables: 1.50 (1.00-2.00) times, target 2.00"), report.text());
        assertTrue(report.text().contains("1,000 flows: 1.00 (1.00-1.00) times, target 0.80"), report.text());
        assertEquals(32, many.flows().endpoints());
        assertEquals(new Flows(1_000, 32), many.flows().few());
    }

    @Test
    void tooFewRoundsOrOneCpuForBothAreRefused() {
        assertEquals(
                "rounds=2, give at least 3",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> ForwardPlan.quick(2, false, FrameKind.SMALLEST, Flows.USUAL, ONE, OTHER))
                        .getMessage());
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> ForwardPlan.quick(3, false, FrameKind.SMALLEST, Flows.USUAL, ONE, ONE))
                .getMessage()
                .endsWith("give a rate or more and two different CPUs"));
    }

    private ForwardReport report(ForwardResult... results) {
        return new ForwardReport(plan, List.of(results));
    }

    /** Three rounds with 300 kpps at the first step, these at full speed of 1 Mpps offered, and 600 of 2 Mpps under overload. */
    private static ForwardResult result(String name, int... kpps) {
        List<ForwardRound> rounds = new ArrayList<>();
        for (int received : kpps) {
            rounds.add(new ForwardRound(
                    "seen",
                    List.of(
                            new StepSample(500_000, 500_000, 300_000, SECOND_NS, SECOND_NS),
                            new StepSample(0, 1_000_000, received * 1_000L, SECOND_NS, SECOND_NS)),
                    0,
                    Optional.of(new StepSample(0, 2_000_000, 600_000, SECOND_NS, SECOND_NS))));
        }
        return new ForwardResult(name, "set up somehow", rounds);
    }
}
