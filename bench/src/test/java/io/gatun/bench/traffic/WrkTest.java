package io.gatun.bench.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WrkTest {
    private static final String PRINTED = """
            Running 3s test @ http://192.168.80.200:5201/
              1 threads and 32 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency     3.10ms    1.20ms  20.10ms   80.00%
                Req/Sec     8.10k     0.50k    9.00k    75.00%
              24310 requests in 3.02s, 3.71MB read
            """;

    @Test
    void requestsAndTime() {
        Wrk.Result result = Wrk.parse(PRINTED + "Requests/sec:   8049.67\n");

        assertEquals(24_310, result.requests());
        assertEquals(3.02, result.seconds(), 1e-9);
        assertEquals(8_049.7, result.perSecond(), 0.1);
        assertEquals(0, result.errors());
    }

    @Test
    void errorsOfSocketsAndAnswersThatAreNoSuccess() {
        Wrk.Result result = Wrk.parse(PRINTED
                + "  Socket errors: connect 1, read 20, write 300, timeout 4000\n"
                + "  Non-2xx or 3xx responses: 10\n");

        assertEquals(4_331, result.errors());
        assertEquals(24_300, result.requests());
    }

    @Test
    void otherUnits() {
        assertEquals(90, Wrk.parse("7 requests in 1.50m, 1B read").seconds(), 1e-9);
        assertEquals(0.5, Wrk.parse("7 requests in 500.00ms, 1B read").seconds(), 1e-9);
    }

    @Test
    void nothingAnsweredIsNoResult() {
        assertTrue(assertThrows(IllegalStateException.class, () -> Wrk.parse("unable to connect"))
                .getMessage()
                .contains("unable to connect"));
        assertThrows(IllegalStateException.class, () -> Wrk.parse("0 requests in 3.00s, 0.00B read"));
    }
}
