package io.gatun.bench.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class IperfTest {
    @Test
    void theOmittedSecondsCountForBytesAndCpuButNotForTheRate() {
        Iperf.Result result = Iperf.parse("""
                {"intervals": [{"sum": {"bytes": 100, "omitted": true}}, {"sum": {"bytes": 300, "omitted": false}}],
                 "end": {"sum_sent": {"bits_per_second": 2500.0}, "sum_received": {"bits_per_second": 2400.0},
                         "cpu_utilization_percent": {"host_total": 50.0, "remote_total": 25.0}}}
                """, 2);
        assertEquals(2400, result.bitsPerSecond(), 1e-9);
        assertEquals(400, result.bytes());
        assertEquals(1_000_000_000, result.senderNs());
        assertEquals(500_000_000, result.receiverNs());
    }

    @Test
    void aFailureIsToldInItsWords() {
        String message = assertThrows(
                        IllegalStateException.class,
                        () -> Iperf.parse(
                                "{\"intervals\": [], \"end\": {}, \"error\": \"unable to connect to server\"}", 2))
                .getMessage();
        assertEquals("iperf3 failed: unable to connect to server", message);
        assertTrue(assertThrows(IllegalStateException.class, () -> Iperf.parse("no", 1))
                .getMessage()
                .startsWith("iperf3 printed no JSON: no"));
    }
}
