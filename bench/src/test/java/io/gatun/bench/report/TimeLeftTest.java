package io.gatun.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimeLeftTest {
    @Test
    void theRestTakesAsLongForItsShareAsWhatIsDone() {
        assertEquals("2 min 05 s left", TimeLeft.text(TimeUnit.SECONDS.toNanos(25), 1, 6));
        assertEquals("1 s left", TimeLeft.text(1, 1, 2));
        assertEquals("0 s left", TimeLeft.text(TimeUnit.SECONDS.toNanos(9), 6, 6));
    }
}
