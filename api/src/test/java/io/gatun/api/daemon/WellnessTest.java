package io.gatun.api.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;

class WellnessTest {
    private static final Optional<String> STALLED = Optional.of("the agent eth0/0");

    private final Wellness wellness = new Wellness(TimeUnit.SECONDS.toNanos(1));

    @Test
    void aNodeIsIllAtOnceAndWellAfterAWhile() {
        assertEquals(Optional.empty(), look(Optional.empty(), 0));
        assertEquals(Optional.of(false), look(STALLED, 100));
        assertEquals(Optional.empty(), look(STALLED, 200));
        assertEquals(Optional.empty(), look(Optional.empty(), 5_200));
        assertEquals(Optional.of(true), look(Optional.empty(), 5_201));
        assertEquals(Optional.empty(), look(Optional.empty(), 5_300));
    }

    @Test
    void bothAreRecorded() throws Exception {
        BlockingQueue<RecordedEvent> events = new LinkedBlockingQueue<>();
        try (RecordingStream stream = new RecordingStream()) {
            stream.enable(StallEvent.class);
            stream.onEvent("gatun.Stall", events::add);
            stream.startAsync();
            look(STALLED, 100);
            look(STALLED, 200);
            look(Optional.empty(), 5_300);
            stream.stop();
        }
        RecordedEvent stall = events.remove();
        assertEquals("the agent eth0/0", stall.getString("what"));
        assertTrue(stall.getBoolean("stalled"));
        assertFalse(events.remove().getBoolean("stalled"));
        assertTrue(events.isEmpty());
    }

    private Optional<Boolean> look(Optional<String> stalled, long ms) {
        return wellness.look(stalled, TimeUnit.MILLISECONDS.toNanos(ms));
    }
}
