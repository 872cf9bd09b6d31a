package io.gatun.bench.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatun.bench.traffic.Cpu;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForwardReportTest {
    private static final long SECOND_NS = 1_000_000_000;
    private static final Cpu ONE = new Cpu(0);
    private static final Cpu OTHER = new Cpu(1);

    private final ForwardPlan plan = new ForwardPlan(
            3, List.of(500_000, 0), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), ONE, OTHER);

    @Test
    void theRatioIsThatOfTheBestStepsOfTheSameRound() {
        String text = report(result("fast", 700, 800, 900), result("slow", 350, 800, 600))
                .text();
        assertTrue(text.contains("fast / slow: 1.50 (1.00-2.00) times, target 1.3"), text);
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
    void theTreeHasTheSameFigures() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        JsonNode tree = mapper.readTree(
                mapper.writeValueAsString(report(result("fast", 700, 800, 900), result("slow", 350, 800, 600))
                        .tree()));
        assertEquals(1.5, tree.at("/ratioTo/slow/median").asDouble(), 1e-9);
        assertEquals(800_000, tree.at("/contenders/fast/bestReceivedPps/median").asDouble(), 1e-6);
        assertEquals(0.1, tree.at("/contenders/fast/steps/full speed/loss/min").asDouble(), 1e-9);
        assertEquals(
                3, tree.at("/contenders/slow/steps/500 kpps/offeredPps/samples").asInt());
    }

    @Test
    void tooFewRoundsOrOneCpuForBothAreRefused() {
        assertEquals(
                "rounds=2, give at least 3",
                assertThrows(IllegalArgumentException.class, () -> ForwardPlan.quick(2, ONE, OTHER))
                        .getMessage());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ForwardPlan.quick(3, ONE, ONE))
                .getMessage()
                .endsWith("give a rate or more and two different CPUs"));
    }

    private ForwardReport report(ForwardResult... results) {
        return new ForwardReport(plan, List.of(results));
    }

    /** Three rounds with 300 kpps at the first step, and these at full speed, of 1 Mpps offered. */
    private static ForwardResult result(String name, int... kpps) {
        List<List<StepSample>> rounds = new ArrayList<>();
        for (int received : kpps) {
            rounds.add(List.of(
                    new StepSample(500_000, 500_000, 300_000, SECOND_NS, SECOND_NS),
                    new StepSample(0, 1_000_000, received * 1_000L, SECOND_NS, SECOND_NS)));
        }
        return new ForwardResult(name, "set up somehow", "seen", rounds);
    }
}
