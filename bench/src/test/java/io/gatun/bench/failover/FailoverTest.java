package io.gatun.bench.failover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.junit.LabTest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A takeover of each contender with a few connections, how fast is not asked here; and the report. */
@LabTest
class FailoverTest {
    private static final FailoverPlan SHORT = new FailoverPlan(3, 100, 30, 10);
    private static final Path HOME = Path.of("..");

    private final GatunFailover gatun =
            new GatunFailover(HOME.resolve("scripts/gatun").toAbsolutePath());

    @Test
    void gatunLosesNothing() {
        FailoverSample sample = measure(gatun);
        assertTrue(sample.gapMs() > 0 && sample.gapMs() < 8_000, sample.toString());
        assertEquals(0, sample.lostConnections(), sample.toString());
        assertEquals(0, sample.lostFlows(), sample.toString());
    }

    @Test
    void keepalivedMovesTheVipAndNotTheConnections() {
        FailoverSample sample = measure(new KeepalivedFailover());
        assertTrue(sample.gapMs() > 0 && sample.gapMs() < 8_000, sample.toString());
        assertTrue(sample.lostConnections() > 0, sample.toString());
    }

    @Test
    void allGapsAreInTheReport() {
        List<FailoverSample> ours = List.of(new FailoverSample(310, 0, 0), new FailoverSample(290, 0, 1));
        FailoverSample worst = new FailoverSample(402, 0, 0);
        List<FailoverSample> theirs = List.of(
                new FailoverSample(361, 30, 10), new FailoverSample(350, 20, 9), new FailoverSample(372, 25, 8));
        FailoverReport report = new FailoverReport(
                SHORT,
                List.of(gatun, new KeepalivedFailover()),
                List.of(List.of(ours.get(0), worst, ours.get(1)), theirs));
        String text = report.text();
        assertTrue(text.contains("310 (290-402)  402"), text);
        assertTrue(text.contains("gatun, all gaps in ms: 290 310 402"), text);
        assertTrue(text.contains("25 (20-30)"), text);
        assertEquals(310, report.result().figure("gatun", "gap").median());
        assertEquals(402.0, report.result().details().get("95th percentile of the gaps of gatun, ms"));
    }

    private static FailoverSample measure(FailoverContender contender) {
        return new FailoverBench(SHORT, HOME, System.out).measure(contender);
    }
}
