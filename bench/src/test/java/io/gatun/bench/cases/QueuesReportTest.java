package io.gatun.bench.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.bench.report.CaseResult;
import io.gatun.bench.traffic.Cpu;
import io.gatun.bench.traffic.Flows;
import io.gatun.bench.traffic.FrameKind;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QueuesReportTest {
    private static final long SECOND_NS = 1_000_000_000;
    private static final List<Cpu> CPUS = List.of(new Cpu(0), new Cpu(1));

    private final QueuesReport report = new QueuesReport(
            QueuesPlan.quick(3, FrameKind.SMALLEST, Flows.USUAL, CPUS),
            "set up somehow",
            List.of(samples(300, 1), samples(500, 1), samples(720, 2)));

    @Test
    void twoQueuesAreComparedWithTheMeanOfTheSingleOnes() {
        String text = report.text();
        assertTrue(text.contains("(mean of both cores): 1.80 (1.80-1.80) times, target 1.6"), text);
        assertTrue(text.contains("one queue, cpu 1"), text);
        assertTrue(text.contains("720 (720-720)"), text);
    }

    @Test
    void cpuTimeIsComparedToo() {
        CaseResult result = report.result();
        // 1/300 and 1/500 of a millisecond a packet, against 2/720
        assertEquals(1.92, result.figure("two queues / one", "by own CPU time").median(), 1e-2);
        assertEquals(1.8, result.figure("two queues / one", "received").median(), 1e-9);
    }

    @Test
    void aCpuOfEachParityIsNeeded() {
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> QueuesPlan.quick(3, FrameKind.SMALLEST, Flows.USUAL, List.of(new Cpu(0), new Cpu(2))))
                .getMessage()
                .startsWith("cpus=[CPU 0, CPU 2], give one with an even number"));
    }

    /** Three rounds with this rate, on so many busy cores. */
    private static List<QueuesSample> samples(int kpps, int cores) {
        long frames = kpps * 1_000L;
        return IntStream.range(0, 3)
                .mapToObj(_ -> new QueuesSample(frames, frames, SECOND_NS, cores * SECOND_NS, cores * SECOND_NS))
                .toList();
    }
}
