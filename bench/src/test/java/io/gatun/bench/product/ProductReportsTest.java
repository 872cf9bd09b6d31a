package io.gatun.bench.product;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.bench.cases.SheetReport;
import io.gatun.bench.peers.NewConnections;
import io.gatun.bench.report.CaseResult;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ProductReportsTest {
    private static final int MEGABYTE = 1_000_000;
    private final ProductPlan plan = ProductPlan.quick(3);

    @Test
    void memoryIsToldInMegabytes() {
        List<MemoryBench.Sample> samples = List.of(memory(290), memory(310), memory(300));
        String text = MemoryBench.report(plan, List.of(samples)).text();
        assertTrue(text.contains("gatun, resident: 300 (290-310) MB, target at most 300"), text);
    }

    @Test
    void theGapOfARestartIsWhatWasLostOverTheRate() {
        List<RestartBench.Sample> killed = List.of(restart(20_000), restart(10_000), restart(40_000));
        List<RestartBench.Sample> ended = List.of(restart(2_000), restart(2_000), restart(2_000));
        CaseResult result = RestartBench.report(plan, List.of(killed, ended)).result();
        assertEquals(1_000, result.figure("gatun, kill -9", "gap").median());
        assertEquals(100, result.figure("gatun, SIGTERM", "gap").max());
    }

    @Test
    void changesAreCountedBesideLossAndDelay() {
        List<ChurnBench.Sample> changing = List.of(churn(500, 40), churn(600, 50), churn(700, 60));
        List<ChurnBench.Sample> calm = List.of(churn(0, 30), churn(0, 30), churn(0, 30));
        String text = ChurnBench.report(plan, List.of(changing, calm)).text();
        assertTrue(text.contains("300 (250-350)"), text);
        assertTrue(text.contains("gatun, changing less gatun, calm, delay p99.9: 20 (10-30) us"), text);
    }

    @Test
    void aFloodIsToldByWhoGoesOnAndWhoGetsIn() {
        List<FloodBench.Sample> samples = List.of(flood(200, 300), flood(199, 297), flood(200, 294));
        SheetReport<FloodBench.Sample> report = FloodBench.report(plan, List.of(samples, samples));
        String text = report.text();
        assertTrue(text.contains("gatun, connections kept of 200: 200 (199-200), target all"), text);
        assertTrue(text.contains("gatun, new ones that succeeded: 99.0 (98.0-100.0) %, target at least 99"), text);
        assertEquals(
                Map.of("half_open_source", 5.0),
                report.result().details().get("dropped by gatun in the last round, packets/s"));
    }

    @Test
    void aRuleNamesItsEndpoints() {
        assertEquals(
                "{\"serviceArguments\":{\"externalIP\":\"192.168.80.200\",\"port\":80,\"protocol\":\"udp\",\"mode\":1},"
                        + "\"endpoints\":[{\"endpointIP\":\"192.0.2.1\",\"targetPort\":8080,\"weight\":1}]}",
                Node.rule(80, Node.Mode.ONE_ARM, "192.0.2.1"));
    }

    /** So many of 200 connections kept, and of 300 new ones answered after a millisecond. */
    private static FloodBench.Sample flood(int kept, int answered) {
        Histogram delays = new Histogram(3);
        delays.recordValueWithCount(MEGABYTE, answered);
        return new FloodBench.Sample(
                MEGABYTE,
                MEGABYTE,
                kept,
                kept,
                new NewConnections.Outcome(300, delays),
                Map.of("half_open_source", 5.0));
    }

    private static MemoryBench.Sample memory(long megabytes) {
        return new MemoryBench.Sample(MEGABYTE, megabytes * MEGABYTE, MEGABYTE, 100_000);
    }

    private static RestartBench.Sample restart(long lost) {
        return new RestartBench.Sample(lost, 100_000, MEGABYTE);
    }

    /** Two seconds with so many changes, and packets that were late by so many microseconds. */
    private static ChurnBench.Sample churn(int changes, long micros) {
        Histogram answers = new Histogram(3);
        if (changes > 0) {
            answers.recordValueWithCount(MEGABYTE, changes);
        }
        Histogram delays = new Histogram(3);
        delays.recordValueWithCount(micros * 1_000, 1_000);
        return new ChurnBench.Sample(answers, delays, 1_000, 1_000, 2);
    }
}
