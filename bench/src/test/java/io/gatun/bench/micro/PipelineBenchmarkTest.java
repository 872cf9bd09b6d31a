package io.gatun.bench.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.frame.FrameBatch;
import org.junit.jupiter.api.Test;

/** What is measured is the whole work: every packet of a batch is rewritten and transmitted. */
class PipelineBenchmarkTest {
    @Test
    void everyPacketIsTransmitted() {
        PipelineBenchmark benchmark = new PipelineBenchmark();
        benchmark.setUp(1_000);
        long before = benchmark.forward();
        assertEquals(before + FrameBatch.CAPACITY, benchmark.forward());
    }

    @Test
    void lookupsFindAndMiss() {
        FlowTableBenchmark benchmark = new FlowTableBenchmark();
        benchmark.setUp(1_000);
        for (int i = 0; i < 2_000; i++) {
            assertEquals(true, benchmark.hit() >= 0);
            assertEquals(true, benchmark.miss() < 0);
        }
    }
}
