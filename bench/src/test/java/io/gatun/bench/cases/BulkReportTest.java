package io.gatun.bench.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.bench.report.CaseResult;
import io.gatun.bench.traffic.Iperf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BulkReportTest {
    private final BulkReport report = new BulkReport(
            BulkPlan.quick(3),
            List.of(
                    result("gatun", "engine=raw", 8, 9, 10),
                    result("nftables", "", 8, 10, 8),
                    result("haproxy", "", 4, 3, 2)));

    @Test
    void ratiosAreThoseOfTheSameRoundAndStandBesideTheirTargets() {
        String text = report.text();
        assertTrue(text.contains("gatun / nftables: 1.00 (0.90-1.25) times, target 1.0"), text);
        assertTrue(text.contains("gatun / haproxy: 3.00 (2.00-5.00) times, target 3.0"), text);
    }

    @Test
    void everyFigureComesWithItsSpreadAndAContenderSaysWhatItIs() {
        String text = report.text();
        assertTrue(text.contains("9.00 (8.00-10.00)"), text);
        assertTrue(text.contains("2.00 (2.00-2.00)"), text);
        assertTrue(text.contains("set up somehow; it says: engine=raw\n"), text);
    }

    @Test
    void theResultHasTheSameFigures() {
        CaseResult result = report.result();
        assertEquals(3.0, result.figure("gatun / haproxy", "bits per second").median(), 1e-9);
        assertEquals(9e9, result.figure("gatun", "bits per second").median(), 1);
        assertEquals(0.5, result.figure("gatun", "receiver CPU time").max(), 1e-9);
    }

    /** Rounds with these Gb/s. */
    private static ContenderResult<BulkSample> result(String name, String note, int... gigabits) {
        List<BulkSample> samples = new ArrayList<>();
        for (int each : gigabits) {
            Iperf.Result transfer = new Iperf.Result(each * 1e9, 1_000_000_000, 250_000_000, 500_000_000);
            samples.add(new BulkSample(transfer, 2_000_000_000, 1_000_000_000, note));
        }
        return new ContenderResult<>(name, "set up somehow", note, samples);
    }
}
